package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.List;
import java.util.Map;

/** Rules of the older form of endpoints. */
public final class EndpointsRules implements KindRules {
  @Override
  public void applyDefaults(Map<String, Object> endpoints) {
    for (Map<String, Object> subset : Trees.maps(endpoints, "subsets")) {
      for (Map<String, Object> port : Trees.maps(subset, "ports")) {
        Defaults.text(port, "protocol", "TCP");
      }
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> endpoints) {
    Checks checks = new Checks();
    int s = 0;
    for (Map<String, Object> subset : Trees.maps(endpoints, "subsets")) {
      FieldPath at = FieldPath.of("subsets").index(s++);
      List<Map<String, Object>> ports = Trees.maps(subset, "ports");
      if (Trees.list(subset, "addresses").isEmpty()
          && Trees.list(subset, "notReadyAddresses").isEmpty()) {
        checks.required(at, "must specify `addresses` or `notReadyAddresses`");
      }
      for (String list : List.of("addresses", "notReadyAddresses")) {
        int i = 0;
        for (Map<String, Object> address : Trees.maps(subset, list)) {
          FieldPath one = at.child(list).index(i++);
          checks.ip(one.child("ip"), Trees.stringOr(address, "", "ip"));
          checks.optionalName(
              one.child("hostname"), Trees.string(address, "hostname"), Names::dns1123Label);
        }
      }
      for (int i = 0; i < ports.size(); i++) {
        FieldPath one = at.child("ports").index(i);
        String name = Trees.stringOr(ports.get(i), "", "name");
        if (ports.size() > 1) {
          checks.requiredName(one.child("name"), name, Names::dns1123Label);
        } else {
          checks.optionalName(one.child("name"), name, Names::dns1123Label);
        }
        checks.port(one.child("port"), Trees.integerOr(ports.get(i), 0, "port"));
        checks.oneOf(
            one.child("protocol"), Trees.string(ports.get(i), "protocol"), "SCTP", "TCP", "UDP");
      }
    }
    return checks.errors();
  }

  @Override
  public boolean allowCreateOnUpdate() {
    return true;
  }
}
