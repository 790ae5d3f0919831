package io.kubra.apiserver.customresource;

import static io.kubra.apiserver.customresource.CronTabs.DEFINITION;
import static io.kubra.apiserver.customresource.CronTabs.DEFINITIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.transport.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What definitions must not say, in the words of upstream. */
class DefinitionChecksTest {
  private static TestingApiServer api;

  @BeforeAll
  static void start() {
    api = CronTabs.start();
    CronTabs.define(api, DEFINITION);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          default: 1} | default: x} | replicas].default: Invalid value: "string": in body must be of type integer: "string"
          default: 1} | default: 0} | replicas].default: Invalid value: 0: in body should be greater than or equal to 1
          port: {x-kubernetes-int-or-string: true} | port: {type: object, properties: {a: {type: string}}, default: {b: 1}} | port].default: Invalid value: {"b":1}: must not have unknown fields
          port: {x-kubernetes-int-or-string: true} | port: {type: integer, x-kubernetes-int-or-string: true} | must be empty if x-kubernetes-int-or-string is true
          port: {x-kubernetes-int-or-string: true} | port: {type: string, x-kubernetes-embedded-resource: true} | must be object if x-kubernetes-embedded-resource is true
          port: {x-kubernetes-int-or-string: true} | port: {type: string, anyOf: [{type: string}]} | anyOf[0].type: Forbidden: must be empty to be structural
          port: {x-kubernetes-int-or-string: true} | port: {type: object, allOf: [{properties: {a: {minLength: 1}}}]} | properties[a]: Required value: because it is defined in
          port: {x-kubernetes-int-or-string: true} | port: {type: string, pattern: "(["} | must be a valid regular expression
          required: [name] | maxProperties: 9 | so it must have a default or be a required property
          .spec.replicas, status | .foo.replicas, status | specReplicasPath: Invalid value: ".foo.replicas": should be a json path under .spec
          type: integer, jsonPath: .spec | type: float, jsonPath: .spec | must be one of boolean,date,integer,number,string
          jsonPath: .spec.color} | jsonPath: .spec.nothing} | path does not exist in the schema
          name: v1 | {name: v1, deprecationWarning: old | can only be set for deprecated versions
          shortNames: [ct] | shortNames: [C_T] | spec.names.shortNames[0]: Invalid value: "C_T"
          """)
  void isRefused(String part, String instead, String why) {
    String changed =
        instead.startsWith("{name")
            ? DEFINITION.replace("- name: v1", "- name: v1\n    deprecationWarning: old")
            : DEFINITION.replace(part.strip(), instead.strip());
    assertThat(changed).isNotEqualTo(DEFINITION);
    Response refused =
        api.send(
            "POST", DEFINITIONS + "?dryRun=All", CronTabs.tree(changed.replace("crontab", "x")));
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(String.valueOf(refused.tree().get("message"))).contains(why.strip());
  }

  @Test
  void groupsOfTheCommunityNeedAnApproval() {
    String protectedGroup =
        DEFINITION.replace("stable.example.com", "things.k8s.io").replace("crontab", "thing");
    Response refused = api.send("POST", DEFINITIONS, CronTabs.tree(protectedGroup));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text())
        .contains("protected groups must have approval annotation")
        .contains("api-approved.kubernetes.io");
    Map<String, Object> approved = CronTabs.tree(protectedGroup);
    Trees.set(
        approved,
        "unapproved, only a test",
        "metadata",
        "annotations",
        "api-approved.kubernetes.io");
    assertThat(api.send("POST", DEFINITIONS, approved).status()).isEqualTo(201);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(api.send("GET", DEFINITIONS + "/things.things.k8s.io", null).text())
                    .contains("KubernetesAPIApprovalPolicyConformant", "UnapprovedAnnotation"));
  }

  @Test
  void aVersionInWhichObjectsMayBeStoredStays() {
    String path = DEFINITIONS + "/crontabs.stable.example.com";
    Map<String, Object> definition = api.send("GET", path, null).tree();
    Trees.maps(definition, "spec", "versions").getFirst().put("name", "v2");
    Response refused = api.send("PUT", path, definition);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text())
        .contains("status.storedVersions[0]", "missing from spec.versions; v1 was previously");
  }

  @Test
  void customResourcesHaveNoProtobuf() {
    HttpHeaders only = HttpHeaders.of("Accept", "application/vnd.kubernetes.protobuf");
    Response refused = api.send("GET", CronTabs.PATH, only, new byte[0]);
    assertThat(refused.status()).isEqualTo(406);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8))
        .contains(
            "only the following media types are accepted: application/json, application/yaml");
    HttpHeaders first =
        HttpHeaders.of("Accept", "application/vnd.kubernetes.protobuf,application/json");
    assertThat(api.send("GET", CronTabs.PATH, first, new byte[0]).headers().get("Content-Type"))
        .isEqualTo("application/json");
    Response sent =
        api.send("POST", CronTabs.PATH, "application/vnd.kubernetes.protobuf", new byte[] {1});
    assertThat(sent.status()).isEqualTo(415);
  }
}
