package io.kubra.node.api;

import java.util.List;
import java.util.Map;

/** Who called. */
record Caller(String name, String uid, List<String> groups, Map<String, List<String>> extra) {}
