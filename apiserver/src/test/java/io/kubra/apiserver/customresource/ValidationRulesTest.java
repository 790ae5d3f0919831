package io.kubra.apiserver.customresource;

import static io.kubra.apiserver.customresource.CronTabs.DEFINITIONS;
import static io.kubra.apiserver.customresource.CronTabs.PATH;
import static io.kubra.apiserver.customresource.CronTabs.cronTab;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ValidationRulesTest {
  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: crontabs.stable.example.com}
      spec:
        group: stable.example.com
        scope: Namespaced
        names: {plural: crontabs, kind: CronTab}
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  x-kubernetes-validations:
                  - rule: "!has(self.min) || self.min <= self.max"
                    messageExpression: "'min %d exceeds max'.replace('%d', string(self.min))"
                  - {rule: "!has(self.ratio) || self.ratio < 2", message: ratio is too large}
                  - {rule: "self.names.isSorted()"}
                  - {rule: "!has(self.memory) || quantity(self.memory).isLessThan(quantity('1Gi'))", reason: FieldValueForbidden, fieldPath: .memory, message: too much}
                  - {rule: "!has(self.link) || url(self.link).getScheme() == 'https'"}
                  - {rule: "!has(self.until) || self.until > timestamp('2020-01-01T00:00:00Z')"}
                  - {rule: "!has(self.dash__dash__ed) || self.dash__dash__ed == 'x'"}
                  properties:
                    min: {type: integer}
                    max: {type: integer}
                    ratio: {type: number}
                    memory: {type: string}
                    link: {type: string}
                    dash-ed: {type: string}
                    until: {type: string, format: date-time}
                    names: {type: array, maxItems: 20, items: {type: string, maxLength: 60}, default: []}
                    tags:
                      type: array
                      maxItems: 9
                      x-kubernetes-list-type: set
                      items: {type: string, maxLength: 9}
                      x-kubernetes-validations: [{rule: self == oldSelf, message: tags are immutable}]
                    fixed:
                      type: string
                      x-kubernetes-validations: [{rule: self == oldSelf, message: fixed is immutable}]
      """;

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

  @Test
  void rulesRefuseWhatDoesNotSatisfyThem() {
    refused("{min: 3, max: 2}", "spec: Invalid value: \"object\": min 3 exceeds max");
    refused("{ratio: 2}", "spec: Invalid value: \"object\": ratio is too large");
    refused("{names: [b, a]}", "failed rule: self.names.isSorted()");
    refused("{memory: 2Gi}", "spec.memory: Forbidden: too much");
    refused("{link: \"http://a\"}", "failed rule: !has(self.link)");
    refused("{until: \"2019-01-01T00:00:00Z\"}", "failed rule: !has(self.until)");
    refused("{dash-ed: other}", "failed rule: !has(self.dash__dash__ed)");
    refused("{min: 1}", "no such key: max evaluating rule: !has(self.min)");
  }

  private static void refused(String spec, String why) {
    Response refused = api.send("POST", PATH, cronTab("refused", spec));
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(Trees.string(refused.tree(), "message")).contains(why);
  }

  @Test
  void transitionRulesSeeTheOldValue() {
    String spec =
        "{min: 1, max: 2, ratio: 1.5, names: [a, b], memory: 1Mi, fixed: one, tags: [a, b]}";
    Response made = api.send("POST", PATH, cronTab("moving", spec));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    Map<String, Object> next = made.tree();
    Trees.set(next, "two", "spec", "fixed");
    Response changed = api.send("PUT", PATH + "/moving", next);
    assertThat(changed.status()).isEqualTo(422);
    assertThat(Trees.string(changed.tree(), "message"))
        .contains("spec.fixed: Invalid value: \"string\": fixed is immutable");
    Trees.set(next, "one", "spec", "fixed");
    Trees.set(next, 3L, "spec", "max");
    Trees.set(next, List.of("b", "a"), "spec", "tags");
    assertThat(api.send("PUT", PATH + "/moving", next).status())
        .as("the order of a set does not matter")
        .isEqualTo(200);
    next = api.send("GET", PATH + "/moving", null).tree();
    Trees.set(next, List.of("b", "c"), "spec", "tags");
    assertThat(api.send("PUT", PATH + "/moving", next).text()).contains("tags are immutable");
  }

  @Test
  void definitionsWithBrokenRulesOrSchemasAreRefused() {
    String broken = DEFINITION.replace("crontabs", "others").replace("CronTab", "Other");
    Response rule =
        api.send(
            "POST", DEFINITIONS, CronTabs.tree(broken.replace("self.names.isSorted()", "self. <")));
    assertThat(rule.status()).isEqualTo(422);
    assertThat(rule.text())
        .contains(
            "properties[spec].x-kubernetes-validations[2].rule: Invalid value",
            "compilation failed");
    Response unknownField =
        api.send(
            "POST",
            DEFINITIONS,
            CronTabs.tree(broken.replace("self.names.isSorted()", "self.nmes.isSorted()")));
    assertThat(unknownField.text()).contains("<input>:1:5: undefined field 'nmes'");
    Response text =
        api.send(
            "POST",
            DEFINITIONS,
            CronTabs.tree(broken.replace("self.names.isSorted()", "self.names[0]")));
    assertThat(text.text()).contains("cel expression must evaluate to a bool");
    Response schema =
        api.send(
            "POST",
            DEFINITIONS,
            CronTabs.tree(broken.replace("min: {type: integer}", "min: {format: int32}")));
    assertThat(schema.text())
        .contains(
            "properties[min].type: Required value: must not be empty for specified object fields");
  }
}
