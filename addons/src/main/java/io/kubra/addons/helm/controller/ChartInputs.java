package io.kubra.addons.helm.controller;

import io.kubra.addons.custom.Conditions;
import io.kubra.addons.custom.CustomObject;
import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ResourceClient;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * What one state of a HelmChart hands to Helm: the spec's own texts, and those of the Secrets and
 * ConfigMaps beside it that it refers to.
 *
 * @param values values files, the weakest first
 * @param authority PEM certificates that vouch for repository or registry; empty for the machine's
 * @param user who logs in at the repository or registry; empty for nobody
 * @param registries credentials for registries in docker's form; empty for none
 * @param references versions of the objects that were read
 */
record ChartInputs(
    List<byte[]> values,
    byte[] authority,
    String user,
    String password,
    byte[] registries,
    List<String> references,
    String digest) {

  /**
   * Reads what the spec refers to.
   *
   * @throws ChartProblem if something is missing or of the wrong form
   */
  static ChartInputs read(ApiClient client, CustomObject object, ChartSpec spec) {
    Reader reader = new Reader(client, object.metadata().namespace());
    List<byte[]> values = reader.values(spec);
    byte[] authority = reader.authority(spec);
    String user = "";
    String password = "";
    String auth = spec.reference("authSecret");
    if (!auth.isEmpty()) {
      Secret secret = reader.read(Secret.RESOURCE, auth);
      user = utf8(reader.value(secret, "username"));
      password = utf8(reader.value(secret, "password"));
    }
    byte[] registries = new byte[0];
    String docker = spec.reference("dockerRegistrySecret");
    if (!docker.isEmpty()) {
      registries = reader.value(reader.read(Secret.RESOURCE, docker), ".dockerconfigjson");
    } else if (!user.isEmpty() && spec.fromRegistry()) {
      registries = registry(spec.chart(), user, password);
    }
    return new ChartInputs(
        values,
        authority,
        spec.fromRegistry() ? "" : user,
        password,
        registries,
        List.copyOf(reader.seen),
        ("generation " + Conditions.generation(object) + " " + String.join(" ", reader.seen))
            .strip());
  }

  private static byte[] registry(String chart, String user, String password) {
    String host = chart.substring("oci://".length()).split("/", 2)[0];
    String pair = user + ":" + password;
    String auth = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return Json.write(Map.of("auths", Map.of(host, Map.of("auth", auth))));
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Reads objects of one namespace and remembers which. */
  private static final class Reader {
    private final ApiClient client;
    private final String namespace;
    private final List<String> seen = new ArrayList<>();

    Reader(ApiClient client, String namespace) {
      this.client = client;
      this.namespace = namespace;
    }

    <T extends KubernetesObject> T read(ResourceType<T> type, String name) {
      ResourceClient<T> resource = client.resource(type);
      T object =
          resource
              .find(namespace, name)
              .orElseThrow(
                  () -> ChartProblem.missing("%s \"%s\" not found".formatted(type.kind(), name)));
      seen.add(type.kind() + "/" + name + "@" + object.metadata().resourceVersion());
      return object;
    }

    byte[] value(Secret secret, String key) {
      byte[] value = secret.data().get(key);
      if (value == null) {
        throw ChartProblem.missing(
            "Secret \"%s\" has no key \"%s\"".formatted(secret.metadata().name(), key));
      }
      return value;
    }

    List<byte[]> values(ChartSpec spec) {
      List<byte[]> values = new ArrayList<>();
      String content = Trees.stringOr(spec.tree(), "", "valuesContent");
      if (!content.isEmpty()) {
        values.add(content.getBytes(StandardCharsets.UTF_8));
      }
      Map<String, Object> tree = Trees.map(spec.tree(), "values");
      if (tree != null && !tree.isEmpty()) {
        values.add(Yaml.write(tree));
      }
      for (Map<String, Object> entry : Trees.maps(spec.tree(), "valuesSecrets")) {
        Secret secret = read(Secret.RESOURCE, Trees.stringOr(entry, "", "name"));
        List<String> keys = Trees.strings(entry, "keys");
        if (keys.isEmpty()) {
          keys = secret.data().keySet().stream().sorted().toList();
        }
        keys.forEach(key -> values.add(value(secret, key)));
      }
      return values;
    }

    byte[] authority(ChartSpec spec) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(Trees.stringOr(spec.tree(), "", "repoCA").getBytes(StandardCharsets.UTF_8));
      String name = spec.reference("repoCAConfigMap");
      if (!name.isEmpty()) {
        for (String text : read(ConfigMap.RESOURCE, name).data().values()) {
          all.writeBytes(("\n" + text + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
      return all.toByteArray();
    }
  }

  /** Leaves everything out: it may be secret. */
  @Override
  public String toString() {
    return "ChartInputs" + references;
  }
}
