/**
 * Charts that are kept installed: the {@code HelmChart} resource and its controller. Helm itself
 * runs in short processes of its own ({@link io.kubra.addons.helm.controller.HelmProcess}), never
 * here: its library would stay in memory for good. What the controller reads of releases it reads
 * from their Secrets.
 */
@NullMarked
package io.kubra.addons.helm.controller;

import org.jspecify.annotations.NullMarked;
