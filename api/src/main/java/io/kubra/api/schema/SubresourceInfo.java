package io.kubra.api.schema;

import io.kubra.api.meta.GroupVersionKind;
import java.util.List;

/** A subresource such as {@code status}: its name, the kind it takes and gives, and its verbs. */
public record SubresourceInfo(String name, GroupVersionKind kind, List<String> verbs) {}
