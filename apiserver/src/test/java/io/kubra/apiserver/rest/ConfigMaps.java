package io.kubra.apiserver.rest;

import io.kubra.api.json.Json;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import java.util.Map;

/** Requests about ConfigMaps, the plainest of kinds. */
final class ConfigMaps {
  static final String PATH = "/api/v1/namespaces/default/configmaps";

  private ConfigMaps() {}

  static Map<String, Object> configMap(String name, String value) {
    return tree(
        """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","labels":{"app":"%s"}},"data":{"k":"%s"}}
        """
            .formatted(name, value, value));
  }

  static Map<String, Object> create(TestingApiServer api, String name, String value) {
    Response r = api.send("POST", PATH, configMap(name, value));
    if (r.status() != 201) {
      throw new AssertionError(r.status() + ": " + r.text());
    }
    return r.tree();
  }

  static Map<String, Object> tree(String json) {
    return Json.parseObject(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static String version(Map<String, Object> object) {
    return io.kubra.api.tree.Trees.stringOr(object, "", "metadata", "resourceVersion");
  }
}
