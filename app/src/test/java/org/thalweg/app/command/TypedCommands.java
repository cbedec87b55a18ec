package org.thalweg.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The {@code thalweg} commands in the fenced blocks of a page, as a shell would take them apart.
 */
final class TypedCommands {
  private static final String FENCE = "```";

  private TypedCommands() {}

  /** The pages that users read: README and those of the documentation. */
  static List<Path> pages() throws IOException {
    Path checkout = Path.of(System.getProperty("thalweg.checkout"));
    try (Stream<Path> docs = Files.list(checkout.resolve("docs"))) {
      return Stream.concat(Stream.of(checkout.resolve("README.md")), docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  /** The words of each command after {@code thalweg}. */
  static List<List<String>> of(Path page) throws IOException {
    List<List<String>> out = new ArrayList<>();
    for (List<String> block : blocks(page)) {
      for (int i = 0; i < block.size(); i++) {
        if (!block.get(i).matches("(\\./)?thalweg .*")) {
          continue;
        }
        StringBuilder command = new StringBuilder(block.get(i));
        while (i + 1 < block.size() && goesOn(command, block.get(i + 1))) {
          int last = command.length() - 1;
          if (command.charAt(last) == '\\') {
            command.setLength(last);
          }
          command.append(' ').append(block.get(++i));
        }
        out.add(words(command.toString().split(" ", 2)[1]));
      }
    }
    return out;
  }

  /** After a backslash, and where a synopsis is broken at an indentation. */
  private static boolean goesOn(CharSequence command, String next) {
    return command.charAt(command.length() - 1) == '\\' || next.startsWith("  ");
  }

  private static List<List<String>> blocks(Path page) throws IOException {
    List<List<String>> out = new ArrayList<>();
    boolean open = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith(FENCE)) {
        open = !open;
        if (open) {
          out.add(new ArrayList<>());
        }
      } else if (open) {
        out.get(out.size() - 1).add(line);
      }
    }
    return out;
  }

  /** Words between blanks; quotes hold together, and a comment begins with a word {@code #}. */
  private static List<String> words(String command) {
    List<String> out = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    boolean begun = false;
    for (char c : (command + " ").toCharArray()) {
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
        begun = true;
      } else if (quote == 0 && c == ' ') {
        if (begun) {
          out.add(word.toString());
        }
        word.setLength(0);
        begun = false;
      } else if (quote == 0 && c == '#' && !begun) {
        return out;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (quote != 0) {
      throw new AssertionError("an open quote: " + command);
    }
    return out;
  }
}
