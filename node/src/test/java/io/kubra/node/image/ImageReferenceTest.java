package io.kubra.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kubra.model.core.v1.Secret;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.node.cri.v1.Cri;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox:latest",
    "team/app:1.2, docker.io/team/app:1.2",
    "localhost/app, localhost/app:latest",
    "registry.test:5000/a/b/c:v1, registry.test:5000/a/b/c:v1",
    "index.docker.io/library/x:1, docker.io/library/x:1",
    "r.test/x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,"
        + " r.test/x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  })
  void namesAreCompleted(String written, String full) {
    assertThat(ImageReference.parse(written)).hasToString(full);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Upper", "a:b:c", "a/", "x@sha256:12", "host.test/UP:1", "a b"})
  void otherTextIsRefused(String written) {
    assertThatThrownBy(() -> ImageReference.parse(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid reference format");
  }

  @Test
  void theMostSpecificLoginComesFirst() {
    String config =
        """
        {"auths":{
          "registry.test":{"username":"all","password":"1"},
          "https://registry.test/team/":{"auth":"dGVhbTpzZWNyZXQ="},
          "*.registry.test":{"username":"sub","password":"2"},
          "other.test":{"username":"no","password":"3"}}}
        """;
    Secret secret =
        Secret.builder()
            .metadata(ObjectMeta.builder().namespace("n").name("s").build())
            .data(Map.of(".dockerconfigjson", config.getBytes(StandardCharsets.UTF_8)))
            .build();
    RegistryCredentials credentials = new RegistryCredentials(List.of(secret));
    assertThat(credentials.matching(ImageReference.parse("registry.test/team/app")))
        .extracting(Cri.AuthConfig::getUsername, Cri.AuthConfig::getPassword)
        .containsExactly(tuple("team", "secret"), tuple("all", "1"));
    assertThat(credentials.matching(ImageReference.parse("eu.registry.test/app")))
        .extracting(Cri.AuthConfig::getUsername)
        .containsExactly("sub");
    assertThat(credentials.matching(ImageReference.parse("registry.test/teamwork/app")))
        .extracting(Cri.AuthConfig::getUsername)
        .containsExactly("all");
  }
}
