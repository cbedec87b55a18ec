package org.thalweg.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HtmlTest {
  @Test
  void whatMeansSomethingInHtmlIsEscaped() {
    assertEquals(
        "&lt;script&gt;alert(&quot;a&quot; &amp; &#39;b&#39;)&lt;/script&gt;",
        Html.escape("<script>alert(\"a\" & 'b')</script>"));
    assertEquals("&amp;lt;", Html.escape("&lt;"));
  }

  @Test
  void otherTextStaysAsItIs() {
    assertEquals("Größe µ 数 \uD83C\uDF0A\n\t", Html.escape("Größe µ 数 \uD83C\uDF0A\n\t"));
  }

  @Test
  void whatNoPageMayHoldIsReplaced() {
    assertEquals("a\uFFFDb\uFFFDc\uFFFD", Html.escape("a\u0000b\u0085c\uD83C"));
  }
}
