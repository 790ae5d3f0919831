package io.kubra.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Yaml;
import io.kubra.api.structural.StructuralSchema;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostEstimatorTest {
  /** The figures are those that upstream's own tests expect. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "type: array, items: {type: number}                    | self.all(x, true)           | 4718591",
        "type: array, maxItems: 10, items: {type: number}      | self.all(x, true)           | 32",
        "type: array, items: {type: string}                    | self.all(x, true)           | 3145727",
        "type: array, items: {type: boolean}                   | self.all(x, true)           | 1887437",
        "type: array, items: {type: array, items: {type: number}} | self.all(x, true)        | 3145727",
        "type: array, items: {type: object, required: [required], properties: {required: {type: string}, optional: {type: string}}} | self.all(x, true) | 555128",
        "type: object, additionalProperties: {type: number}    | self.all(x, true)           | 1348169",
        "type: object, additionalProperties: {type: string}    | self.all(x, true)           | 1179647",
        "type: object, additionalProperties: {type: boolean}   | self.all(x, true)           | 943718",
        "type: string                                          | self.contains('test')       | 314574",
        "type: string, maxLength: 10                           | self.contains('test')       | 5",
        "type: string                                          | self.startsWith('test')     | 2",
        "type: string                                          | size(self + 'hello') > size('hello') | 314578",
        "type: string, maxLength: 4                            | size(self + 'hello') > size('hello') | 7",
        "type: array, items: {type: number}                    | self[1] == 0.0              | 2",
        "type: array, items: {type: string}                    | self[1] == self[1]          | 314577",
        "type: array, maxItems: 10, items: {type: number}      | self.all(x, self.all(y, true)) | 352",
        "type: array, maxItems: 10, items: {type: number}      | self.all(x, self.all(y, self.all(z, true))) | 3552",
        "type: string                                          | self.matches('x')           | 314574",
        "type: string, maxLength: 50                           | self.matches('x')           | 22",
        "type: string                                          | ''.matches('(((((((((())))))))))[0-9]') | 7",
        "type: string                                          | self.matches('')            | 1",
        "type: object, additionalProperties: {type: string}    | self.all(x, x.contains(self[x])) | 2752507",
        "type: string                                          | self == 'x'                 | 2",
        "type: string, maxLength: 0                            | self == 'x'                 | 1",
        "type: array, items: {type: number}                    | self.all(x, x == 0.0)       | 6291454",
        "type: array, items: {x-kubernetes-int-or-string: true} | self[0] == 5               | 3",
        "type: array, items: {type: object, additionalProperties: {type: number}} | self.all(x, x.y == 25.2) | 6291452",
        "type: array, items: {type: object, additionalProperties: {type: number}} | self[0].x > 2.0 | 4",
        "type: array, items: {type: string, format: duration}  | self.all(x, true)           | 2359295",
        "type: array, items: {type: string, format: duration}  | self[0].getHours() == 2     | 4",
        "type: array, items: {type: string, format: date}      | self.all(x, true)           | 725936",
        "type: array, items: {type: string, format: date-time} | self.all(x, true)           | 428963",
        "type: array, items: {type: string, format: date-time} | self[2].getMinutes() == 45  | 4",
      })
  void costsAreEstimatedAsUpstreamDoes(String schema, String rule, long cost) {
    @SuppressWarnings("unchecked")
    Map<String, Object> tree =
        (Map<String, Object>)
            Objects.requireNonNull(
                Yaml.parse(("{" + schema + "}").getBytes(StandardCharsets.UTF_8)));
    StructuralSchema parsed = StructuralSchema.parse(Trees.deepCopy(tree));
    Expression expression =
        Expression.compile(CompiledRule.environment(parsed, "value", false), rule);
    assertThat(CostEstimator.estimate(expression, new SchemaSizes(parsed)).max()).isEqualTo(cost);
  }
}
