package org.thalweg.app.report;

/** Text in HTML. */
final class Html {
  private Html() {}

  /** Text such that a browser shows it as it stands, also inside an attribute's quotes. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(out, point));
    return out.toString();
  }

  private static void append(StringBuilder out, int point) {
    switch (point) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> {
        // Control characters and lone surrogates are not allowed in a page.
        boolean control = Character.isISOControl(point) && point != '\n' && point != '\t';
        boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        out.appendCodePoint(control || surrogate ? 0xfffd : point);
      }
    }
  }
}
