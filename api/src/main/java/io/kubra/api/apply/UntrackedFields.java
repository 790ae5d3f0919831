package io.kubra.api.apply;

import java.util.List;

/** Fields that identify an object or that the server keeps itself; no manager ever owns them. */
final class UntrackedFields {
  static final FieldSet SET =
      FieldSet.of(
          List.of(
              List.of("f:apiVersion"),
              List.of("f:kind"),
              List.of("f:metadata"),
              List.of("f:metadata", "f:name"),
              List.of("f:metadata", "f:namespace"),
              List.of("f:metadata", "f:creationTimestamp"),
              List.of("f:metadata", "f:selfLink"),
              List.of("f:metadata", "f:uid"),
              List.of("f:metadata", "f:clusterName"),
              List.of("f:metadata", "f:generation"),
              List.of("f:metadata", "f:managedFields"),
              List.of("f:metadata", "f:resourceVersion")));

  private UntrackedFields() {}
}
