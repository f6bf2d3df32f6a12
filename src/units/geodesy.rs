//! Degrees on the globe as metres in a plane that touches it, and back.
//!
//! WGS 84 without heights. It must not know what stands there.

/// Semi-major axis of the WGS 84 ellipsoid, metres (NGA.STND.0036, 2014).
const SEMI_MAJOR_M: f64 = 6_378_137.0;
/// Its flattening.
const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// Square of its eccentricity.
const ECCENTRICITY2: f64 = FLATTENING * (2.0 - FLATTENING);

/// The plane that touches the ellipsoid at a point; over 10 km its lengths are true to
/// a millimetre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TangentPlane {
    lon_deg: f64,
    lat_deg: f64,
    /// Earth-centred position of the point of contact, metres.
    centre: [f64; 3],
}

impl TangentPlane {
    /// The plane at a longitude and latitude, degrees.
    pub fn at(lon_deg: f64, lat_deg: f64) -> Self {
        Self { lon_deg, lat_deg, centre: earth_centred(lon_deg, lat_deg) }
    }

    /// Metres east and south of the point of contact.
    pub fn east_south_m(&self, lon_deg: f64, lat_deg: f64) -> [f64; 2] {
        let p = earth_centred(lon_deg, lat_deg);
        let d = [p[0] - self.centre[0], p[1] - self.centre[1], p[2] - self.centre[2]];
        let (sin_lon, cos_lon) = self.lon_deg.to_radians().sin_cos();
        let (sin_lat, cos_lat) = self.lat_deg.to_radians().sin_cos();
        let east = -sin_lon * d[0] + cos_lon * d[1];
        let north = -sin_lat * cos_lon * d[0] - sin_lat * sin_lon * d[1] + cos_lat * d[2];
        [east, -north]
    }

    /// Longitude and latitude, degrees, of a place some metres east and south; the
    /// inverse of [`Self::east_south_m`] within 100 km.
    pub fn lon_lat(&self, east_south_m: [f64; 2]) -> [f64; 2] {
        let mut guess = [self.lon_deg, self.lat_deg];
        // Each round is exact for a sphere; three leave less than a micrometre.
        for _ in 0..4 {
            let at = self.east_south_m(guess[0], guess[1]);
            let (sin_lat, cos_lat) = guess[1].to_radians().sin_cos();
            let w2 = 1.0 - ECCENTRICITY2 * sin_lat * sin_lat;
            let across = SEMI_MAJOR_M / w2.sqrt();
            let along = across * (1.0 - ECCENTRICITY2) / w2;
            let east = east_south_m[0] - at[0];
            let south = east_south_m[1] - at[1];
            guess[0] += (east / (across * cos_lat)).to_degrees();
            guess[1] -= (south / along).to_degrees();
        }
        guess
    }
}

fn earth_centred(lon_deg: f64, lat_deg: f64) -> [f64; 3] {
    let (sin_lon, cos_lon) = lon_deg.to_radians().sin_cos();
    let (sin_lat, cos_lat) = lat_deg.to_radians().sin_cos();
    let n = SEMI_MAJOR_M / (1.0 - ECCENTRICITY2 * sin_lat * sin_lat).sqrt();
    [n * cos_lat * cos_lon, n * cos_lat * sin_lon, n * (1.0 - ECCENTRICITY2) * sin_lat]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths of a degree as printed in tables of the ellipsoid.
    #[test]
    fn a_hundredth_of_a_degree_has_the_length_of_the_tables() {
        for (lat, lon_km, lat_km) in [
            (0.0, 111.320, 110.574),
            (15.0, 107.550, 110.649),
            (40.0, 85.394, 111.035),
            (60.0, 55.800, 111.412),
        ] {
            let plane = TangentPlane::at(-97.0, lat);
            let east = plane.east_south_m(-96.995, lat)[0] - plane.east_south_m(-97.005, lat)[0];
            let south = plane.east_south_m(-97.0, lat - 0.005)[1]
                - plane.east_south_m(-97.0, lat + 0.005)[1];
            assert!((east - lon_km * 10.0).abs() < 0.05, "{lat}: {east}");
            assert!((south - lat_km * 10.0).abs() < 0.05, "{lat}: {south}");
        }
    }

    #[test]
    fn degrees_come_back() {
        for (lon, lat) in [(-99.75, 32.45), (13.4, 52.5), (179.999, -33.0), (0.0, 0.0)] {
            let plane = TangentPlane::at(lon, lat);
            for at in [[0.0, 0.0], [3000.0, 2000.0], [-9000.0, 7000.0]] {
                let back = plane.lon_lat(at);
                let again = plane.east_south_m(back[0], back[1]);
                assert!((again[0] - at[0]).hypot(again[1] - at[1]) < 1e-6, "{lon} {lat} {again:?}");
            }
        }
    }
}
