package io.kubra.api.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiExceptionTest {
  @Test
  void notFoundNamesTheResourceAndTheGroup() {
    assertThat(ApiException.notFound("", "pods", "x")).hasMessage("pods \"x\" not found");
    assertThat(Json.toString(ApiException.notFound("apps", "deployments", "x").toStatus()))
        .isEqualTo(
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"deployments.apps \\\"x\\\" not found\",\"reason\":\"NotFound\","
                + "\"details\":{\"name\":\"x\",\"group\":\"apps\",\"kind\":\"deployments\"},\"code\":404}");
  }

  @Test
  void oneFieldErrorStandsAlone() {
    ApiException e =
        ApiException.invalid(
            "apps", "Deployment", "x", List.of(FieldError.required(FieldPath.of("spec", "a"), "")));
    assertThat(e).hasMessage("Deployment.apps \"x\" is invalid: spec.a: Required value");
    assertThat(e.code()).isEqualTo(422);
    assertThat(Json.toString(e.details()))
        .isEqualTo(
            "{\"name\":\"x\",\"group\":\"apps\",\"kind\":\"Deployment\",\"causes\":[{\"reason\":"
                + "\"FieldValueRequired\",\"message\":\"Required value\",\"field\":\"spec.a\"}]}");
  }

  @Test
  void severalFieldErrorsAreAListWithoutRepetition() {
    FieldError a = FieldError.invalid("a", 1L, "must be b");
    assertThat(ApiException.invalid("", "Pod", "x", List.of(a, a, FieldError.forbidden("b", "no"))))
        .hasMessage("Pod \"x\" is invalid: [a: Invalid value: 1: must be b, b: Forbidden: no]");
  }

  @Test
  void fieldErrorsReadAsInTheReference() {
    FieldPath path = FieldPath.of("spec").child("ports").index(0).child("labels").key("a/b");
    assertThat(FieldError.duplicate(path, "x").message())
        .isEqualTo("spec.ports[0].labels[a/b]: Duplicate value: \"x\"");
    assertThat(FieldError.notSupported("a", "x", List.of("b", "c")).message())
        .isEqualTo("a: Unsupported value: \"x\": supported values: \"b\", \"c\"");
    assertThat(FieldError.tooLong("a", "", 5).message())
        .isEqualTo("a: Too long: may not be more than 5 bytes");
    assertThat(FieldError.tooMany("a", 7, 5).message())
        .isEqualTo("a: Too many: 7: must have at most 5 items");
    assertThat(FieldError.invalid("a", null, "no").message())
        .isEqualTo("a: Invalid value: null: no");
    assertThat(FieldError.notFound("a", "x\n\"").message()).isEqualTo("a: Not found: \"x\\n\\\"\"");
  }

  @Test
  void conflictsForbiddenAndTheRest() {
    assertThat(ApiException.conflict("apps", "deployments", "x", "why"))
        .hasMessage("Operation cannot be fulfilled on deployments.apps \"x\": why");
    assertThat(ApiException.forbidden("", "pods", "", "why")).hasMessage("pods is forbidden: why");
    assertThat(ApiException.forbidden("", "pods", "x", "why"))
        .hasMessage("pods \"x\" is forbidden: why");
    assertThat(ApiException.tooManyRequests("wait", 3).retryAfterSeconds()).isEqualTo(3);
    assertThat(ApiException.timeout("x")).hasMessage("Timeout: x");
    assertThat(ApiException.internal("x")).hasMessage("Internal error occurred: x");
    assertThat(ApiException.fromStatus(ApiException.expired("old").toStatus()).is("Expired"))
        .isTrue();
  }
}
