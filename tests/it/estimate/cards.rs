//! Every shader of the program compiles on a device without optional features.

use crate::support::root;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn device() -> Option<wgpu::Device> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let opened = pollster::block_on(async {
        let adapter = instance.request_adapter(&wgpu::RequestAdapterOptions::default()).await;
        let adapter = adapter.map_err(|e| e.to_string())?;
        let wanted = wgpu::DeviceDescriptor::default();
        adapter.request_device(&wanted).await.map_err(|e| e.to_string())
    });
    match opened {
        Ok((device, _)) => Some(device),
        Err(why) => {
            eprintln!("SKIPPED, no adapter: {why}");
            None
        }
    }
}

/// What the driver says of a shader; an error outside of the scope ends the test.
fn complaint(device: &wgpu::Device, source: &str) -> Option<String> {
    device.on_uncaptured_error(Arc::new(|e: wgpu::Error| panic!("{e}")));
    let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
    let _ = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: None,
        source: wgpu::ShaderSource::Wgsl(source.into()),
    });
    pollster::block_on(scope.pop()).map(|e| e.to_string())
}

fn shaders(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            shaders(&path, all);
        } else if path.extension().is_some_and(|e| e == "wgsl") {
            all.push(path);
        }
    }
}

#[test]
fn every_shader_compiles() {
    let mut all = Vec::new();
    // The window's shader is compiled with its constants by the tests of the rack layer.
    shaders(&root().join("src/estimate"), &mut all);
    assert!(all.iter().any(|p| p.ends_with("estimate/sweep.wgsl")), "{all:?}");
    let Some(device) = device() else { return };
    for path in all {
        let source = std::fs::read_to_string(&path).unwrap();
        assert_eq!(complaint(&device, &source), None, "{}", path.display());
        // The check can fail: a name that nobody declared.
        let broken = format!("{source}\nfn broken() -> f32 {{ return undeclared; }}\n");
        assert!(complaint(&device, &broken).is_some(), "{}", path.display());
    }
}
