package dev.ganglion.auth.people;

import dev.ganglion.config.value.Secret;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes passwords with Argon2id, in the text form of the reference implementation: {@code
 * $argon2id$v=19$m=…,t=…,p=…$salt$hash}. A stored hash contains its own parameters, so a later version may raise the
 * cost of new hashes.
 */
final class Argon2 {
    static final int MEMORY_KIB = 19 * 1024;
    static final int PASSES = 2;

    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})"
            + "\\$([A-Za-z0-9+/]{22,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Argon2() {}

    static String hash(Secret password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        byte[] hash = digest(password, parameters(MEMORY_KIB, PASSES, LANES, salt), HASH_BYTES);
        Base64.Encoder text = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$" + text.encodeToString(salt) + "$"
                + text.encodeToString(hash);
    }

    /** Whether the password matches the stored hash. Returns false if the stored text is not an Argon2id hash. */
    static boolean verify(Secret password, String stored) {
        Matcher form = FORM.matcher(stored);
        if (!form.matches()) {
            return false;
        }
        byte[] hash = Base64.getDecoder().decode(form.group(5));
        Argon2Parameters parameters = parameters(
                Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)),
                Base64.getDecoder().decode(form.group(4)));
        return MessageDigest.isEqual(hash, digest(password, parameters, hash.length));
    }

    private static Argon2Parameters parameters(int memoryKib, int passes, int lanes, byte[] salt) {
        return new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build();
    }

    private static byte[] digest(Secret password, Argon2Parameters parameters, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] digest = new byte[length];
        int made = generator.generateBytes(password.utf8(), digest);
        assert made == length;
        return digest;
    }
}
