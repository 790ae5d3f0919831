/**
 * Rendering charts with their hooks. The library renders a chart's objects but leaves its hooks
 * out; here they are rendered too, in the order in which Helm would show them.
 */
@NullMarked
package io.kubra.addons.helm.render;

import org.jspecify.annotations.NullMarked;
