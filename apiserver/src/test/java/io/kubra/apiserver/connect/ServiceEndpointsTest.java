package io.kubra.apiserver.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceEndpointsTest {
  @Test
  void theServerAsksNoEndpointThatOnlyItsHostCanReach() {
    List<URI> found = new ArrayList<>();
    List<String> addresses =
        List.of(
            "10.0.0.7",
            "fd00::7",
            "169.254.169.254",
            "fe80::1",
            "0.0.0.0",
            "224.0.0.1",
            "metadata");
    Map<String, Object> slice =
        Map.of(
            "ports",
            List.of(Map.of("name", "https", "port", 443L)),
            "endpoints",
            addresses.stream().map(a -> Map.of("addresses", List.of(a))).toList());

    ServiceEndpoints.addReady(slice, "https", "https", found);

    assertThat(found)
        .containsExactly(URI.create("https://10.0.0.7:443"), URI.create("https://[fd00::7]:443"));
  }
}
