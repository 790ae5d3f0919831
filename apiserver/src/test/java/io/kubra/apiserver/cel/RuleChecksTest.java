package io.kubra.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Yaml;
import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RuleChecksTest {
  @Test
  void whatIsBoundedIsAllowed() {
    assertThat(problems("self.all(x, x.size() < 100)", "maxItems: 100", "maxLength: 50")).isEmpty();
    assertThat(problems("self.exists(x, x == 'a')", "maxItems: 1000", "maxLength: 100")).isEmpty();
    assertThat(problems("self.all(x, self.exists_one(y, x == y))", "maxItems: 50", "maxLength: 20"))
        .isEmpty();
    assertThat(problems("self.size() <= 5 && self.isSorted()", "maxItems: 10", "maxLength: 20"))
        .isEmpty();
  }

  @Test
  void rulesThatMayCostTooMuchAreRefused() {
    List<String> problems = problems("self.all(x, self.all(y, x == y))", "", "");
    assertThat(problems)
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith(
                        "schema.properties[list].x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith(
                        "schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .isEqualTo(
                        "schema.properties[list].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
    assertThat(problems("self.all(x, x.matches('^a+$'))", "", "")).isNotEmpty();
  }

  @Test
  void rulesBelowUnboundedListsAreMultiplied() {
    String schema =
        """
        type: object
        properties:
          list:
            type: array
            %s
            items:
              type: object
              properties: {name: {type: string, maxLength: 63}}
              x-kubernetes-validations: [{rule: "self.name.startsWith('a') && self.name.endsWith('b')"}]
        """;
    assertThat(check(schema.formatted("maxItems: 100"))).isEmpty();
    assertThat(check(schema.formatted("maxItems: 10000000"))).isNotEmpty();
  }

  @Test
  void ordinaryRulesWithoutLimitsPass() {
    assertThat(
            check(
                """
                type: object
                properties:
                  spec:
                    type: object
                    x-kubernetes-validations:
                    - {rule: "self.minReplicas <= self.replicas", message: too few}
                    - {rule: "!has(self.host) || self.host != 'x'"}
                    - {rule: "has(self.a) || has(self.b)", reason: FieldValueRequired, fieldPath: .host}
                    - {rule: "self.replicas == oldSelf.replicas"}
                    - rule: "self.name == oldSelf.orValue(self).name"
                      optionalOldSelf: true
                      messageExpression: "'replicas %d'.format([self.replicas])"
                    properties:
                      minReplicas: {type: integer}
                      replicas: {type: integer}
                      host: {type: string}
                      name: {type: string}
                      a: {type: string}
                      b: {type: string}
                      labels: {type: object, additionalProperties: {type: string}}
                      port: {x-kubernetes-int-or-string: true}
                """))
        .isEmpty();
  }

  @Test
  void oldValuesMustBeToldApart() {
    String schema =
        """
        type: object
        properties:
          list:
            type: array
            maxItems: 5
            %s
            items:
              type: object
              required: [name]
              properties: {name: {type: string, maxLength: 5}}
              x-kubernetes-validations: [{rule: self.name == oldSelf.name}]
        """;
    assertThat(
            check(
                schema.formatted(
                    "x-kubernetes-list-type: map\n    x-kubernetes-list-map-keys: [name]")))
        .isEmpty();
    assertThat(check(schema.formatted("")))
        .singleElement()
        .asString()
        .contains(
            "oldSelf cannot be used on the uncorrelatable portion of the schema within schema.properties[list]");
  }

  @Test
  void textsReasonsAndPathsAreChecked() {
    List<String> problems =
        check(
            """
            type: object
            properties: {a: {type: integer}}
            x-kubernetes-validations:
            - {rule: "true", message: "a\\nb"}
            - {rule: "true\\n|| false"}
            - {rule: "true", reason: Nope}
            - {rule: "true", fieldPath: .b}
            - {rule: "true", optionalOldSelf: true}
            - {rule: "self.a == 'x'"}
            - {rule: "self.metadata.name.size() < 5 && self.metadata.labels == null"}
            """);
    assertThat(String.join("\n", problems))
        .contains(
            "message must not contain line breaks",
            "message must be specified if rule contains line breaks",
            "x-kubernetes-validations[2].reason: Unsupported value: \"Nope\"",
            "fieldPath must be a valid path",
            "may not be set if oldSelf is not used in rule",
            "found no matching overload for '_==_' applied to '(int, string)'",
            "undefined field 'labels'");
  }

  private static List<String> problems(String rule, String list, String item) {
    return check(
        """
        type: object
        properties:
          list:
            type: array
            %s
            items: {type: string%s}
            x-kubernetes-validations: [{rule: "%s"}]
        """
            .formatted(list, item.isEmpty() ? "" : ", " + item, rule));
  }

  @SuppressWarnings("unchecked")
  private static List<String> check(String yaml) {
    Map<String, Object> schema =
        (Map<String, Object>)
            Objects.requireNonNull(Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)));
    return RuleChecks.check(schema, FieldPath.of("schema")).stream()
        .map(FieldError::message)
        .toList();
  }
}
