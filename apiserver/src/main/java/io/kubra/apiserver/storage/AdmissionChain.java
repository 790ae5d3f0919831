package io.kubra.apiserver.storage;

import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import java.util.List;

/** All admission plugins, in order. */
public record AdmissionChain(List<AdmissionPlugin> plugins) {

  public AdmissionChain {
    plugins = List.copyOf(plugins);
  }

  /** Lets every plugin change the object. */
  public void mutate(AdmissionContext context) {
    for (AdmissionPlugin p : plugins) {
      p.mutate(context);
    }
  }

  /** Lets every plugin refuse the object. */
  public void validate(AdmissionContext context) {
    for (AdmissionPlugin p : plugins) {
      p.validate(context);
    }
  }
}
