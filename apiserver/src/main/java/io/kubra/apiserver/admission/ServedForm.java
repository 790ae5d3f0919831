package io.kubra.apiserver.admission;

import io.kubra.api.schema.ResourceInfo;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A version in which the resource of a request is served. Objects on their way through admission
 * are in the version that the server works with; plugins that were configured for another see them
 * converted.
 *
 * @param toServed from the version that the server works with to this; gives a tree of the caller's
 *     own, or the very same tree if nothing differs
 * @param fromServed the way back
 */
public record ServedForm(
    ResourceInfo resource,
    UnaryOperator<Map<String, Object>> toServed,
    UnaryOperator<Map<String, Object>> fromServed) {

  /** A form in which objects need no conversion. */
  public static ServedForm same(ResourceInfo resource) {
    return new ServedForm(resource, UnaryOperator.identity(), UnaryOperator.identity());
  }
}
