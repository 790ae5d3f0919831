package io.kubra.apiserver.rules.pod;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.List;
import java.util.Map;

/** Defaults of containers of all sorts. */
final class ContainerDefaults {
  private ContainerDefaults() {}

  static void apply(Map<String, Object> container) {
    for (Map<String, Object> port : Trees.maps(container, "ports")) {
      Defaults.text(port, "protocol", "TCP");
    }
    for (Map<String, Object> variable : Trees.maps(container, "env")) {
      Map<String, Object> fieldRef = Trees.map(variable, "valueFrom", "fieldRef");
      if (fieldRef != null) {
        Defaults.text(fieldRef, "apiVersion", "v1");
      }
      Map<String, Object> resourceRef = Trees.map(variable, "valueFrom", "resourceFieldRef");
      if (resourceRef != null) {
        Defaults.text(resourceRef, "divisor", "0");
      }
    }
    Defaults.object(container, "resources");
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      Map<String, Object> settings = Trees.map(container, probe);
      if (settings != null) {
        probe(settings);
      }
    }
    for (String hook : List.of("postStart", "preStop")) {
      Map<String, Object> handler = Trees.map(container, "lifecycle", hook);
      if (handler != null) {
        httpGet(handler);
      }
    }
    Defaults.text(container, "terminationMessagePath", "/dev/termination-log");
    Defaults.text(container, "terminationMessagePolicy", "File");
    String image = Trees.stringOr(container, "", "image");
    Defaults.text(container, "imagePullPolicy", pullPolicy(image));
  }

  private static void probe(Map<String, Object> probe) {
    httpGet(probe);
    Map<String, Object> grpc = Trees.map(probe, "grpc");
    if (grpc != null && grpc.get("service") == null) {
      grpc.put("service", "");
    }
    Defaults.positive(probe, "timeoutSeconds", 1);
    Defaults.positive(probe, "periodSeconds", 10);
    Defaults.positive(probe, "successThreshold", 1);
    Defaults.positive(probe, "failureThreshold", 3);
  }

  private static void httpGet(Map<String, Object> handler) {
    Map<String, Object> httpGet = Trees.map(handler, "httpGet");
    if (httpGet != null) {
      Defaults.text(httpGet, "path", "/");
      Defaults.text(httpGet, "scheme", "HTTP");
    }
  }

  /** Images whose tag is latest, said or implied, are pulled always. */
  static String pullPolicy(String image) {
    if (image.contains("@")) {
      return "IfNotPresent";
    }
    int slash = image.lastIndexOf('/');
    int colon = image.indexOf(':', slash + 1);
    String tag = colon < 0 ? "latest" : image.substring(colon + 1);
    return tag.equals("latest") || tag.isEmpty() ? "Always" : "IfNotPresent";
  }
}
