package io.kubra.apiserver.customresource;

import java.util.List;
import java.util.Map;

/** Brings custom resources from one version into another, as their definition says how. */
interface Converter {
  /** Only apiVersion differs between versions. */
  Converter NONE =
      (objects, apiVersion) -> {
        objects.forEach(object -> object.put("apiVersion", apiVersion));
        return objects;
      };

  /**
   * Converts all that are not in the version yet. The trees belong to the callee.
   *
   * @return as many, in the same order; a list that may be the one given
   * @throws io.kubra.api.status.ApiException 500 if it is not possible
   */
  List<Map<String, Object>> convert(List<Map<String, Object>> objects, String apiVersion);

  /** As {@link #convert} for one. */
  default Map<String, Object> convert(Map<String, Object> object, String apiVersion) {
    return convert(List.of(object), apiVersion).getFirst();
  }

  /** Whether fields have the same places in all versions. */
  default boolean keepsFields() {
    return this == NONE;
  }
}
