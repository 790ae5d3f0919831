package io.kubra.api.quantity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "0n,0",
    "0Ki,0",
    "1,1",
    "1000m,1",
    "500m,500m",
    "0.5,500m",
    "1.5,1500m",
    "1500,1500",
    "100000,100k",
    "1k,1k",
    "1000k,1M",
    "1024,1024",
    "1024Ki,1Mi",
    "1Mi,1Mi",
    "1.5Gi,1536Mi",
    "1.1Gi,1181116006400m",
    "0.5Ki,512",
    "1023,1023",
    "1e3,1e3",
    "1E6,1e6",
    "12e-3,12e-3",
    "1E,1E",
    "100n,100n",
    "0.1n,1n",
    "1.0000000001,1000000001n",
    "-1,-1",
    "-500m,-500m",
    "+1,1",
    ".5,500m",
    "5.,5",
    "0.5Mi,512Ki",
    "0.001Ki,1024m",
    "9223372036854775807,9223372036854775807",
    "9999999999999999999,9223372036854775807",
    "8Ei,9223372036854775807",
    "007,7",
    "1100m,1100m",
    "2000u,2m",
    "10Ti,10Ti",
    "1e0,1",
    "1.2e3,1200",
    "1073741824Ki,1Ti"
  })
  void textIsMadeCanonical(String text, String canonical) {
    assertThat(Quantity.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "1 ", " 1", "a", "1.1.1", "1i", "1ki", "1KI", "--1", "1mi", "0.1am", ".", "-",
        "1e", "1e1.5", "10 Mi", "1Mi ", "Ki", "1mm"
      })
  void whatIsNoQuantityIsRefused(String text) {
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(QuantityFormatException.class);
  }

  @Test
  void valuesRoundAwayFromZero() {
    assertThat(Quantity.parse("1100m").value()).isEqualTo(2);
    assertThat(Quantity.parse("-1100m").value()).isEqualTo(-2);
    assertThat(Quantity.parse("1n").milli()).isEqualTo(1);
    assertThat(Quantity.parse("2").milli()).isEqualTo(2000);
    assertThat(Quantity.parse("9223372036854775807").milli()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void sumsKeepTheFirstFormatUnlessItIsNothing() {
    assertThat(Quantity.parse("1Gi").add(Quantity.parse("1G"))).hasToString("2073741824");
    assertThat(Quantity.ZERO.add(Quantity.parse("1Gi"))).hasToString("1Gi");
    assertThat(Quantity.parse("1").subtract(Quantity.parse("250m"))).hasToString("750m");
  }

  @Test
  void formatsDoNotMatterForEquality() {
    assertThat(Quantity.parse("1Ki"))
        .isEqualTo(Quantity.parse("1024"))
        .hasSameHashCodeAs(Quantity.parse("1024000m"));
    assertThat(Quantity.parse("1k")).isLessThan(Quantity.parse("1Ki"));
  }

  @Test
  void canonicalTextIsAFixedPointAndKeepsTheAmount() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] suffixes = {"", "n", "u", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3", "E-3"};
    for (int i = 0; i < 5000; i++) {
      String text =
          random.nextInt(1_000_000)
              + (random.nextBoolean() ? "." + random.nextInt(1000) : "")
              + suffixes[random.nextInt(suffixes.length)];
      Quantity parsed = Quantity.parse(text);
      Quantity again = Quantity.parse(parsed.toString());
      // whole numbers in binary format have no suffix and are read as decimal again
      if (parsed.format() != Quantity.Format.BINARY_SI) {
        assertThat(again.toString()).as("seed %s text %s", seed, text).isEqualTo(parsed.toString());
        assertThat(again).as("seed %s text %s", seed, text).isEqualTo(parsed);
      } else {
        assertThat(again.amount()).isBetween(parsed.amount(), parsed.amount().add(BigDecimal.ONE));
      }
      assertThat(parsed.add(again).subtract(again)).isEqualTo(parsed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "n", "Ki", "e-20", "E5"})
  void digitsWithoutEndAreReadInBoundedTime(String suffix) {
    String many = "9".repeat(1_500_000);
    assertThat(Quantity.parse(many + suffix)).isEqualTo(Quantity.parse("9223372036854775807"));
    assertThat(Quantity.parse("0." + many)).isEqualTo(Quantity.parse("1"));
    assertThat(Quantity.parse("0." + "0".repeat(1_500_000) + "1" + suffix))
        .isEqualTo(Quantity.parse("1n"));
    assertThat(Quantity.parse("0".repeat(1_500_000) + "1" + suffix))
        .isEqualTo(Quantity.parse("1" + suffix));
    assertThat(Quantity.parse("2." + "0".repeat(1_500_000))).isEqualTo(Quantity.parse("2"));
  }

  @Test
  void manyDigitsCountAsIfAllWereRead() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      StringBuilder digits = new StringBuilder();
      for (int n = 380 + random.nextInt(400); n > 0; n--) {
        digits.append(random.nextInt(4) == 0 ? random.nextInt(10) : 0);
      }
      digits.insert(random.nextInt(25), '.');
      String text = "0" + digits;
      BigDecimal exact = new BigDecimal(text).setScale(9, java.math.RoundingMode.UP);
      assertThat(Quantity.parse(text).amount())
          .as("seed %s text %s", seed, text)
          .isEqualByComparingTo(exact.min(BigDecimal.valueOf(Long.MAX_VALUE)));
    }
  }
}
