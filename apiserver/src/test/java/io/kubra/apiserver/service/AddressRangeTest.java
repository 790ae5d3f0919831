package io.kubra.apiserver.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressRangeTest {
  @Test
  void givesEachAddressOnceAndNeitherNetworkNorBroadcast() {
    AddressRange range = AddressRange.parse("10.0.0.0/28");
    Set<String> given = new HashSet<>();
    for (String a = range.takeAny(); a != null; a = range.takeAny()) {
      assertThat(given.add(a)).as(a).isTrue();
    }
    assertThat(given).hasSize(14).doesNotContain("10.0.0.0", "10.0.0.15");
    range.release("10.0.0.7");
    assertThat(range.takeAny()).isEqualTo("10.0.0.7");
  }

  @Test
  void knowsItsOwnAddresses() {
    AddressRange range = AddressRange.parse("10.96.0.0/12");
    assertThat(range.contains("10.96.0.1")).isTrue();
    assertThat(range.contains("10.111.255.255")).isFalse();
    assertThat(range.contains("10.112.0.1")).isFalse();
    assertThat(range.contains("fd00::1")).isFalse();
    assertThat(range.contains("nonsense")).isFalse();
    assertThat(range.address(1)).isEqualTo("10.96.0.1");
  }

  @Test
  void writesIpv6AddressesInTheirShortForm() {
    AddressRange range = AddressRange.parse("fd00:10:96::/112");
    assertThat(range.address(10)).isEqualTo("fd00:10:96::a");
    assertThat(range.take("fd00:10:96::a")).isTrue();
    assertThat(range.take("fd00:10:96:0::a")).isFalse();
  }
}
