package org.thalweg.app.report;

import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.thalweg.app.Reason;
import org.thalweg.app.console.Console;

/**
 * A page of HTML and the pictures that it shows. What is handed over is text; it is escaped here.
 */
final class Page {
  private static final String STYLE =
      """
      body { font: 16px/1.5 sans-serif; color: #222; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.5rem; border-bottom: 1px solid #ddd; }
      h3 { font-size: 1.05rem; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; }
      th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.9rem 0.2rem 0; border-bottom: 1px solid #eee; }
      th { font-weight: 600; } td { overflow-wrap: anywhere; min-width: 3.5rem; }
      figure { margin: 1rem 0; } img { max-width: 100%; height: auto; }
      figcaption { font-size: 0.9rem; color: #555; }
      .grid { display: flex; flex-wrap: wrap; gap: 1rem; } .grid figure { margin: 0; max-width: 26rem; }
      """;

  private final Console console;
  private final String title;
  private final StringBuilder body = new StringBuilder();
  private final Map<String, BufferedImage> pictures = new LinkedHashMap<>();

  Page(Console console, String title) {
    this.console = console;
    this.title = title;
  }

  void heading(String text) {
    element("h2", text);
  }

  void subheading(String text) {
    element("h3", text);
  }

  void paragraph(String text) {
    element("p", text);
  }

  /** A table; the first cell of each line names it. */
  void table(List<String> header, List<List<String>> lines) {
    body.append("<div class=\"wide\"><table>\n");
    if (!header.isEmpty()) {
      line("th", header);
    }
    for (List<String> line : lines) {
      line("td", line);
    }
    body.append("</table></div>\n");
  }

  private void line(String cell, List<String> texts) {
    body.append("<tr>");
    for (String text : texts) {
      body.append('<').append(cell).append('>').append(Html.escape(text));
      body.append("</").append(cell).append('>');
    }
    body.append("</tr>\n");
  }

  /** Pictures until {@link #endGrid} stand side by side. */
  void beginGrid() {
    body.append("<div class=\"grid\">\n");
  }

  void endGrid() {
    body.append("</div>\n");
  }

  /**
   * A picture; one that cannot be drawn is said to be missing, as the rest is worth more.
   *
   * @param file the name of its file, with letters, digits, hyphens and a dot only
   * @param caption what it shows
   */
  void picture(String file, String caption, Supplier<BufferedImage> picture) {
    try {
      pictures.put(file, picture.get());
      body.append("<figure><img src=\"").append(Html.escape(file));
      body.append("\" alt=\"").append(Html.escape(caption)).append("\">");
      body.append("<figcaption>").append(Html.escape(caption)).append("</figcaption></figure>\n");
    } catch (RuntimeException | LinkageError | InternalError e) {
      // A system without fonts fails with an InternalError or with a missing class.
      console.warn("'%s' was not drawn: %s", file, Reason.of(e));
      paragraph(caption + " This picture could not be drawn: " + Reason.of(e));
    }
  }

  private void element(String name, String text) {
    body.append('<').append(name).append('>').append(Html.escape(text));
    body.append("</").append(name).append(">\n");
  }

  /** The whole page. */
  String html() {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>%s</h1>
        %s</body>
        </html>
        """
        .formatted(Html.escape(title), STYLE, Html.escape(title), body);
  }

  /** The pictures by the names of their files, in the order of the page. */
  Map<String, BufferedImage> pictures() {
    return Collections.unmodifiableMap(pictures);
  }
}
