// What every shader here says of inks.

// An ink of the gamma space for a target that encodes by itself.
fn decoded(ink: vec4<f32>) -> vec4<f32> {
    let low = ink.rgb / 12.92;
    let high = pow((ink.rgb + 0.055) / 1.055, vec3(2.4));
    return vec4(select(high, low, ink.rgb <= vec3(0.04045)), ink.a);
}

