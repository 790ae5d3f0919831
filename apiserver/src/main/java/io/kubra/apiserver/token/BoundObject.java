package io.kubra.apiserver.token;

import java.util.LinkedHashMap;
import java.util.Map;

/** An object that a token or a claim refers to: its name and the uid that it must have. */
public record BoundObject(String name, String uid) {

  Map<String, Object> toTree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name);
    tree.put("uid", uid);
    return tree;
  }
}
