/**
 * The built-in admission plugins, one class each, under their upstream names and with their
 * upstream texts. {@link io.kubra.apiserver.admission.plugin.DefaultPlugins} lists them in order.
 */
@NullMarked
package io.kubra.apiserver.admission.plugin;

import org.jspecify.annotations.NullMarked;
