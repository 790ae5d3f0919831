package io.kubra.apiserver.rest;

import io.kubra.api.selector.FieldSelector;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.cache.ObjectFilter;
import io.kubra.apiserver.storage.ServedResource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a list or watch asks for: a prefix of keys, and a filter.
 *
 * @param start the first key (inclusive), the key itself if one name is asked for
 */
record Selection(String start, String end, ObjectFilter filter, boolean everything) {

  /**
   * Reads the selectors.
   *
   * @throws ApiException 400 if they are malformed or name a field that cannot be selected by
   */
  static Selection of(ServedResource r, String namespace, ListOptions options) {
    String prefix = r.keyPrefix(namespace);
    @Nullable LabelSelector labels =
        options.labelSelector().isEmpty() ? null : LabelSelector.parse(options.labelSelector());
    @Nullable FieldSelector fields =
        options.fieldSelector().isEmpty() ? null : FieldSelector.parse(options.fieldSelector());
    if (labels != null && labels.everything()) {
      labels = null;
    }
    if (fields != null) {
      check(r, fields);
      if (fields.requirements().isEmpty()) {
        fields = null;
      }
    }
    String end = io.kubra.apiserver.cache.StoreFeed.endOf(prefix);
    if (labels == null && fields == null) {
      return new Selection(prefix, end, ObjectFilter.ALL, true);
    }
    LabelSelector byLabel = labels;
    FieldSelector byField = fields;
    ObjectFilter filter =
        o ->
            (byLabel == null || byLabel.matches(o.labels()))
                && (byField == null || byField.matches(o::field));
    String name = fields == null ? null : fields.exact("metadata.name");
    if (name != null && (!r.info().namespaced() || !namespace.isEmpty())) {
      String key = r.key(namespace, name);
      return new Selection(key, key + "\0", filter, false);
    }
    return new Selection(prefix, end, filter, false);
  }

  /** The prefix for watching. */
  String prefix() {
    return start;
  }

  private static void check(ServedResource r, FieldSelector fields) {
    Set<String> known = r.rules().selectableFieldNames();
    for (FieldSelector.Requirement q : fields.requirements()) {
      String field = q.field();
      if (field.equals("metadata.name")
          || (field.equals("metadata.namespace") && r.info().namespaced())
          || known.contains(field)) {
        continue;
      }
      throw ApiException.badRequest(
          known.isEmpty()
              ? "\""
                  + field
                  + "\" is not a known field selector: only \"metadata.name\","
                  + " \"metadata.namespace\""
              : "field label not supported: " + field);
    }
  }
}
