package dev.ganglion.docs;

import java.util.ArrayList;
import java.util.List;

/** Splits a shell script into its commands and their words. Understands quotes, comments, and continued lines. */
final class ShellText {
    private static final String ENDS_COMMAND = "\n;|&()`";

    private final String text;
    private final List<List<String>> commands = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ShellText(String text) {
        this.text = text.replace("\\\n", " ");
    }

    /** Returns the words of each command. Redirections are dropped, and so are the quotes around words. */
    static List<List<String>> commands(String text) {
        ShellText shell = new ShellText(withoutHereDocuments(text));
        shell.read();
        return shell.commands;
    }

    private static String withoutHereDocuments(String text) {
        return text.replaceAll("(?s)<<'?(\\w+)'?(.*?\\n).*?\\n\\1\\n", "$2");
    }

    private void read() {
        for (at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                quoted(c);
            } else if (c == '$' && text.startsWith("$(", at)) {
                endCommand();
                at++;
            } else if (ENDS_COMMAND.indexOf(c) >= 0) {
                endCommand();
            } else if (c == '#' && !inWord) {
                at = Math.max(at, text.indexOf('\n', at) - 1);
            } else if (c == '>' || c == '<') {
                redirection();
            } else if (Character.isWhitespace(c)) {
                endWord();
            } else {
                inWord = true;
                word.append(c);
            }
        }
        endCommand();
    }

    private void quoted(char quote) {
        inWord = true;
        int end = text.indexOf(quote, at + 1);
        while (quote == '"' && end > 0 && text.charAt(end - 1) == '\\') {
            end = text.indexOf(quote, end + 1);
        }
        int close = end < 0 ? text.length() : end;
        String inside = text.substring(at + 1, close);
        word.append(quote == '"' ? inside.replace("\\\"", "\"") : inside);
        at = close;
    }

    /** Skips the target of a redirection, and the number of the stream before it. */
    private void redirection() {
        if (word.chars().allMatch(Character::isDigit)) {
            word = new StringBuilder();
            inWord = false;
        }
        endWord();
        while (at + 1 < text.length() && "<>& ".indexOf(text.charAt(at + 1)) >= 0) {
            at++;
        }
        while (at + 1 < text.length()
                && !Character.isWhitespace(text.charAt(at + 1))
                && ENDS_COMMAND.indexOf(text.charAt(at + 1)) < 0) {
            at++;
        }
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
        }
        word = new StringBuilder();
        inWord = false;
    }

    private void endCommand() {
        endWord();
        if (!words.isEmpty()) {
            commands.add(words);
        }
        words = new ArrayList<>();
    }
}
