package io.kubra.node.image;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.model.core.v1.Secret;
import io.kubra.node.cri.v1.Cri;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logins that pull secrets hold, in the two formats of docker's configuration file. */
public final class RegistryCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryCredentials.class);

  private record Login(String host, String path, Cri.AuthConfig auth) {}

  private final List<Login> logins = new ArrayList<>();

  /** Reads the logins of secrets; what cannot be read is left out. */
  public RegistryCredentials(Collection<Secret> secrets) {
    for (Secret secret : secrets) {
      byte[] config = secret.data().get(".dockerconfigjson");
      byte[] legacy = secret.data().get(".dockercfg");
      try {
        if (config != null) {
          Map<String, Object> auths = Trees.map(Json.parseObject(config), "auths");
          if (auths != null) {
            read(auths);
          }
        } else if (legacy != null) {
          read(Json.parseObject(legacy));
        }
      } catch (RuntimeException e) {
        LOG.warn("pull secret {} cannot be read: {}", secret.key(), e.getMessage());
      }
    }
    // The longest path is the best match.
    logins.sort(Comparator.comparingInt((Login l) -> -l.path.length()));
  }

  private void read(Map<String, Object> auths) {
    auths.forEach(
        (server, entry) -> {
          String rest = server.replaceFirst("^https?://", "").replaceFirst("/+$", "");
          int slash = rest.indexOf('/');
          String host = slash < 0 ? rest : rest.substring(0, slash);
          String path = slash < 0 ? "" : rest.substring(slash + 1);
          if (path.equals("v1") || path.equals("v2") || path.startsWith("v1/")) {
            path = "";
          }
          logins.add(
              new Login(host.equals("index.docker.io") ? "docker.io" : host, path, login(entry)));
        });
  }

  private static Cri.AuthConfig login(Object entry) {
    String user = Trees.stringOr(entry, "", "username");
    String password = Trees.stringOr(entry, "", "password");
    String auth = Trees.stringOr(entry, "", "auth");
    if (user.isEmpty() && !auth.isEmpty()) {
      String pair =
          new String(Base64.getMimeDecoder().decode(auth), StandardCharsets.UTF_8)
              .replaceFirst("\0+$", "");
      int colon = pair.indexOf(':');
      if (colon >= 0) {
        user = pair.substring(0, colon);
        password = pair.substring(colon + 1);
      }
    }
    return Cri.AuthConfig.newBuilder()
        .setUsername(user)
        .setPassword(password)
        .setIdentityToken(Trees.stringOr(entry, "", "identitytoken"))
        .setRegistryToken(Trees.stringOr(entry, "", "registrytoken"))
        .build();
  }

  /** The logins to try for an image, the most specific first. */
  public List<Cri.AuthConfig> matching(ImageReference image) {
    List<Cri.AuthConfig> found = new ArrayList<>();
    for (Login login : logins) {
      boolean path =
          login.path.isEmpty()
              || image.repository().equals(login.path)
              || image.repository().startsWith(login.path + "/");
      if (path && hostMatches(login.host, image.registry())) {
        found.add(login.auth);
      }
    }
    return found;
  }

  /** A pattern may have {@code *} in place of parts of the host's labels. */
  private static boolean hostMatches(String pattern, String host) {
    if (pattern.equals(host)) {
      return true;
    }
    if (pattern.indexOf('*') < 0) {
      return false;
    }
    String[] want = pattern.split("\\.");
    String[] have = host.split("\\.");
    if (want.length != have.length) {
      return false;
    }
    for (int i = 0; i < want.length; i++) {
      String regex = "\\Q" + want[i].replace("*", "\\E[^.]*\\Q") + "\\E";
      if (!have[i].matches(regex)) {
        return false;
      }
    }
    return true;
  }
}
