package io.kubra.api.structural;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PatternTest {
  private static boolean matches(String pattern, String text) {
    Pattern compiled = Objects.requireNonNull(SchemaParser.compiled(pattern));
    return compiled.matcher(text).find();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void noPatternTakesMoreTimeThanItsTextIsLong() {
    assertThat(matches("^(a+)+$", "a".repeat(20_000) + "!")).isFalse();
    assertThat(matches("^(a|aa)*$", "a".repeat(20_000))).isTrue();
  }

  @Test
  void patternsAreGosRegularExpressions() {
    assertThat(matches("^(?P<a>x)$", "x")).isTrue();
    assertThat(matches("^(?<a>x)$", "x")).isTrue();
    assertThat(matches("(?i)^ABC$", "abc")).isTrue();
    assertThat(matches("^\\pL+[[:digit:]]$", "é1")).isTrue();
    assertThat(SchemaParser.compiled("(?<=a)b")).isNull();
    assertThat(SchemaParser.compiled("(a)\\1")).isNull();
    assertThat(SchemaParser.compiled("a++")).isNull();
  }
}
