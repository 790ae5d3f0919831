package io.kubra.apiserver.customresource;

import io.kubra.api.json.Yaml;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.discovery.DiscoveryEndpoint;
import io.kubra.apiserver.health.VersionEndpoint;
import io.kubra.apiserver.openapi.OpenApiEndpoint;
import io.kubra.apiserver.testing.TestingApiServer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A server with a definition to test with. */
final class CronTabs {
  static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  static final String PATH = "/apis/stable.example.com/v1/namespaces/default/crontabs";

  static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: crontabs.stable.example.com}
      spec:
        group: stable.example.com
        scope: Namespaced
        names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
          additionalPrinterColumns:
          - {name: Spec, type: string, jsonPath: .spec.cronSpec}
          - {name: Replicas, type: integer, jsonPath: .spec.replicas}
          selectableFields: [{jsonPath: .spec.color}]
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  required: [cronSpec]
                  properties:
                    cronSpec: {type: string, pattern: '^(\\S+ ){4}\\S+$'}
                    replicas: {type: integer, minimum: 1, maximum: 10, default: 1}
                    color: {type: string, enum: [red, green]}
                    port: {x-kubernetes-int-or-string: true}
                    free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    ports:
                      type: array
                      x-kubernetes-list-type: map
                      x-kubernetes-list-map-keys: [name]
                      items:
                        type: object
                        required: [name]
                        properties: {name: {type: string}, number: {type: integer}}
                status:
                  type: object
                  properties: {replicas: {type: integer}}
      """;

  private CronTabs() {}

  static TestingApiServer start() {
    Catalogue catalogue = Catalogue.extensible();
    return TestingApiServer.start(
        b ->
            b.catalogue(catalogue)
                .endpoint(o -> new DiscoveryEndpoint(catalogue))
                .endpoint(o -> new OpenApiEndpoint(catalogue, VersionEndpoint.GIT_VERSION)));
  }

  /** Creates the definition and waits until it is established. */
  static void define(TestingApiServer api, String definition) {
    TestingApiServer.Response made = api.send("POST", DEFINITIONS, tree(definition));
    if (made.status() != 201) {
      throw new AssertionError(made.text());
    }
    String name = Trees.stringOr(made.tree(), "", "metadata", "name");
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(
            () ->
                Trees.maps(
                            api.send("GET", DEFINITIONS + "/" + name, null).tree(),
                            "status",
                            "conditions")
                        .stream()
                        .anyMatch(
                            c ->
                                "Established".equals(c.get("type"))
                                    && "True".equals(c.get("status")))
                    && api.send("GET", PATH, null).status() == 200);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> tree(String yaml) {
    return (Map<String, Object>) Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, Object> cronTab(String name, String spec) {
    return tree(
        "apiVersion: stable.example.com/v1\nkind: CronTab\nmetadata: {name: %s}\nspec: %s"
            .formatted(name, spec));
  }
}
