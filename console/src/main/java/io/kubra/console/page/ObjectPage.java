package io.kubra.console.page;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiRequest;
import io.kubra.console.reading.Happening;
import io.kubra.console.reading.Kinds;
import io.kubra.console.reading.Part;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /object/KIND/NAMESPACE/NAME}: one object as YAML, and what happened to it. */
public final class ObjectPage implements Page {
  private static final String CLUSTER = "-";

  /**
   * What it shows.
   *
   * @param yaml the object without its managed fields; of Secrets only the keys
   * @param containers the containers whose logs can be read; only pods have some
   */
  public record Details(
      Kinds.Kind kind,
      String namespace,
      String name,
      String yaml,
      List<String> containers,
      Part<List<Happening>> events)
      implements Content {
    /** The address of a container's log. */
    public String log(String container) {
      return "/log/"
          + Visit.encode(namespace)
          + "/"
          + Visit.encode(name)
          + "/"
          + Visit.encode(container);
    }
  }

  /** The address of an object's page. */
  public static String path(Kinds.Kind kind, String namespace, String name) {
    return "/object/"
        + Visit.encode(kind.id())
        + "/"
        + (namespace.isEmpty() ? CLUSTER : Visit.encode(namespace))
        + "/"
        + Visit.encode(name);
  }

  @Override
  public boolean matches(Visit visit) {
    return visit.segments().size() == 4 && visit.segments().getFirst().equals("object");
  }

  @Override
  public String title(Visit visit) {
    return visit.segments().getLast();
  }

  @Override
  public String template() {
    return "object.jte";
  }

  @Override
  public Content read(Visit visit) {
    Kinds.Kind kind = ListPage.kind(visit, visit.segments().get(1));
    String namespace = visit.segments().get(2).equals(CLUSTER) ? "" : visit.segments().get(2);
    String name = visit.segments().get(3);
    String path = kind.object(Visit.encode(namespace), Visit.encode(name));
    Map<String, Object> object = Json.parseObject(visit.api().call(ApiRequest.get(path)));
    Trees.remove(object, "metadata", "managedFields");
    if (kind.kind().equals("Secret")) {
      hide(object);
    }
    List<String> containers =
        kind.id().equals("pods")
            ? Trees.maps(object, "spec", "containers").stream()
                .map(c -> Trees.stringOr(c, "", "name"))
                .toList()
            : List.of();
    String about = "involvedObject.kind=" + kind.kind() + ",involvedObject.name=" + name;
    return new Details(
        kind,
        namespace,
        name,
        new String(Yaml.write(object), StandardCharsets.UTF_8),
        containers,
        Part.read(() -> Happening.read(visit.api(), namespace, about, visit.now(), 50)));
  }

  /** A page that is left open must not show what only its owner should read. */
  private static void hide(Map<String, Object> secret) {
    for (String field : List.of("data", "stringData")) {
      Map<String, Object> values = Trees.map(secret, field);
      if (values != null) {
        Map<String, Object> hidden = new LinkedHashMap<>();
        values.keySet().forEach(key -> hidden.put(key, "(hidden)"));
        secret.put(field, hidden);
      }
    }
    Trees.remove(
        secret, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration");
  }
}
