package dev.ganglion.api.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Holds the files of the page in memory. All files but the page itself are assets. Their URL contains a hash of all
 * files, so the content of a URL never changes.
 *
 * @param index the page itself
 * @param assets assets by path
 * @param version hash of all files
 */
public record PageFiles(PageFile index, Map<String, PageFile> assets, String version) {
    private static final String INDEX = "index.html";
    private static final String VERSION = "{version}";

    /** Reads the files from the directory or JAR of this class. Blocks. */
    public static PageFiles load() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try {
            Path home = Path.of(PageFiles.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(home)) {
                read(home.resolve("web"), files);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(home)) {
                    read(jar.getPath("/web"), files);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the files of the page", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return of(files);
    }

    private static PageFiles of(SortedMap<String, byte[]> files) {
        StringBuilder all = new StringBuilder();
        Map<String, PageFile> assets = new LinkedHashMap<>();
        files.forEach((name, bytes) -> {
            PageFile file = PageFile.of(name, bytes);
            all.append(name).append(' ').append(file.hash()).append('\n');
            assets.put(name, file);
        });
        String version = PageFile.hash(all.toString().getBytes(UTF_8));
        assets.remove(INDEX);
        String page = new String(files.get(INDEX), UTF_8).replace(VERSION, version);
        return new PageFiles(PageFile.of(INDEX, page.getBytes(UTF_8)), Map.copyOf(assets), version);
    }

    private static void read(Path directory, SortedMap<String, byte[]> into) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                into.put(directory.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
    }
}
