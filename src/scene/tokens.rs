//! Colours, type and spacing as plain data: the one place that the window, the
//! pictures and the reports take them from. It must not know egui or files.

use crate::catalog::Generation;
use crate::site::{Tier, TierKind};

/// An opaque sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb {
    pub r: u8,
    pub g: u8,
    pub b: u8,
}

impl Rgb {
    /// From `0xRRGGBB`.
    pub const fn hex(value: u32) -> Self {
        Self { r: (value >> 16) as u8, g: (value >> 8) as u8, b: value as u8 }
    }

    /// `#RRGGBB`, for SVG.
    pub fn css(self) -> String {
        format!("#{:02X}{:02X}{:02X}", self.r, self.g, self.b)
    }

    /// Relative luminance of WCAG 2.2, 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// Contrast ratio of WCAG 2.2 to another colour, 1 to 21.
    pub fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// This colour laid over `under` with an opacity of `alpha_frac`, 0 to 1.
    pub fn over(self, under: Rgb, alpha_frac: f32) -> Rgb {
        let mix = |top: u8, below: u8| {
            (f32::from(top) * alpha_frac + f32::from(below) * (1.0 - alpha_frac)).round() as u8
        };
        Rgb { r: mix(self.r, under.r), g: mix(self.g, under.g), b: mix(self.b, under.b) }
    }
}

/// Names of the colours of [`Palette`]; what a drawing carries instead of a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Token {
    /// Window behind cards.
    App,
    /// Panels, cards, bars.
    Panel,
    /// Buttons, chips, hover, bar track.
    Raised,
    /// Input field.
    Inset,
    /// Plan, one-line, plots.
    Canvas,
    Grid,
    Land,
    Land2,
    Road,
    Building,
    Water,
    /// Hairline between rows and panels.
    Line,
    /// Outline of objects.
    Line2,
    /// Values, names.
    Text1,
    /// Labels, secondary values.
    Text2,
    /// Units, captions, headers.
    Text3,
    /// Selection, link, focus, primary button.
    Accent,
    AccentBg,
    OnAccent,
    Ok,
    OkBg,
    /// Text only; fills take `WarnFill`.
    Warn,
    WarnBg,
    WarnFill,
    Err,
    ErrBg,
    /// Selection handle.
    Handle,
    Shadow,
    /// Better and worse in a tornado.
    Better,
    Worse,
}

/// All colours of one theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    pub is_dark: bool,
    pub app: Rgb,
    pub panel: Rgb,
    pub raised: Rgb,
    pub inset: Rgb,
    pub canvas: Rgb,
    pub grid: Rgb,
    pub land: Rgb,
    pub land2: Rgb,
    pub road: Rgb,
    pub building: Rgb,
    pub water: Rgb,
    pub line: Rgb,
    pub line2: Rgb,
    pub text1: Rgb,
    pub text2: Rgb,
    pub text3: Rgb,
    pub accent: Rgb,
    pub accent_bg: Rgb,
    pub on_accent: Rgb,
    pub ok: Rgb,
    pub ok_bg: Rgb,
    pub warn: Rgb,
    pub warn_bg: Rgb,
    pub warn_fill: Rgb,
    pub err: Rgb,
    pub err_bg: Rgb,
    pub handle: Rgb,
    pub shadow: Rgb,
    /// Opacity of the shadow of things that float.
    pub shadow_frac: f32,
    pub better: Rgb,
    pub worse: Rgb,
    hopper: Rgb,
    blackwell: Rgb,
    rubin: Rgb,
    rubin_lpx: Rgb,
    hopper_text: Rgb,
    blackwell_text: Rgb,
    rubin_text: Rgb,
    /// By price rank, cheapest first.
    pub tiers: [Rgb; 5],
    /// By class of load over rating, see [`LOADING_BOUNDS`].
    pub loading: [Rgb; 6],
}

/// Upper bounds of the loading classes as a share of the rating; above the last is an overload.
pub const LOADING_BOUNDS: [f64; 5] = [0.45, 0.65, 0.80, 0.90, 1.00];

impl Palette {
    /// The theme that the window starts in.
    pub const fn dark() -> Self {
        Self {
            is_dark: true,
            app: Rgb::hex(0x0E1116),
            panel: Rgb::hex(0x151A21),
            raised: Rgb::hex(0x1C232C),
            inset: Rgb::hex(0x0F141A),
            canvas: Rgb::hex(0x0C1015),
            grid: Rgb::hex(0x161C24),
            land: Rgb::hex(0x11161C),
            land2: Rgb::hex(0x161C23),
            road: Rgb::hex(0x222A33),
            building: Rgb::hex(0x1A222B),
            water: Rgb::hex(0x13293A),
            line: Rgb::hex(0x252D37),
            line2: Rgb::hex(0x3A4552),
            text1: Rgb::hex(0xE8EDF3),
            text2: Rgb::hex(0xAAB4C0),
            text3: Rgb::hex(0x808C99),
            accent: Rgb::hex(0x5AA9FF),
            accent_bg: Rgb::hex(0x17304D),
            on_accent: Rgb::hex(0x08121E),
            ok: Rgb::hex(0x35C6A4),
            ok_bg: Rgb::hex(0x10312B),
            warn: Rgb::hex(0xF2B53C),
            warn_bg: Rgb::hex(0x33290F),
            warn_fill: Rgb::hex(0xF2B53C),
            err: Rgb::hex(0xFF6F61),
            err_bg: Rgb::hex(0x3A1A1A),
            handle: Rgb::hex(0xFFFFFF),
            shadow: Rgb::hex(0x000000),
            shadow_frac: 0.45,
            better: Rgb::hex(0x4C8FC4),
            worse: Rgb::hex(0xC98A2B),
            hopper: Rgb::hex(0x87909C),
            blackwell: Rgb::hex(0xE69F00),
            rubin: Rgb::hex(0x56B4E9),
            rubin_lpx: Rgb::hex(0xF4BFD8),
            hopper_text: Rgb::hex(0x8A939F),
            blackwell_text: Rgb::hex(0xE69F00),
            rubin_text: Rgb::hex(0x56B4E9),
            tiers: [
                Rgb::hex(0x6E6A7C),
                Rgb::hex(0x2E8F66),
                Rgb::hex(0x45CBD0),
                Rgb::hex(0xA9E05F),
                Rgb::hex(0xF7EDC4),
            ],
            loading: [
                Rgb::hex(0x4A70B8),
                Rgb::hex(0x3FB6CC),
                Rgb::hex(0xA8CFAE),
                Rgb::hex(0xF2E070),
                Rgb::hex(0xDD8A1A),
                Rgb::hex(0xF04A5C),
            ],
        }
    }

    /// For print, daylight and projectors.
    pub const fn light() -> Self {
        Self {
            is_dark: false,
            app: Rgb::hex(0xE9ECF0),
            panel: Rgb::hex(0xFBFCFD),
            raised: Rgb::hex(0xF0F3F6),
            inset: Rgb::hex(0xFFFFFF),
            canvas: Rgb::hex(0xF4F6F8),
            grid: Rgb::hex(0xE6EAEF),
            land: Rgb::hex(0xF7F8FA),
            land2: Rgb::hex(0xEEF1F4),
            road: Rgb::hex(0xE1E5EA),
            building: Rgb::hex(0xFFFFFF),
            water: Rgb::hex(0xDCEAF4),
            line: Rgb::hex(0xD9DEE4),
            line2: Rgb::hex(0xB4BDC8),
            text1: Rgb::hex(0x14191F),
            text2: Rgb::hex(0x47525F),
            text3: Rgb::hex(0x5D6976),
            accent: Rgb::hex(0x0B63CE),
            accent_bg: Rgb::hex(0xDCEBFC),
            on_accent: Rgb::hex(0xFFFFFF),
            ok: Rgb::hex(0x0A755F),
            ok_bg: Rgb::hex(0xD7F2EA),
            warn: Rgb::hex(0x8A5700),
            warn_bg: Rgb::hex(0xFFF1CF),
            warn_fill: Rgb::hex(0xB87A06),
            err: Rgb::hex(0xC2281D),
            err_bg: Rgb::hex(0xFDE3E0),
            handle: Rgb::hex(0xFFFFFF),
            shadow: Rgb::hex(0x141E2D),
            shadow_frac: 0.18,
            better: Rgb::hex(0x4C8FC4),
            worse: Rgb::hex(0xB67A20),
            hopper: Rgb::hex(0x737C70),
            blackwell: Rgb::hex(0xC37207),
            rubin: Rgb::hex(0x0072B2),
            rubin_lpx: Rgb::hex(0x70316E),
            hopper_text: Rgb::hex(0x5C635A),
            blackwell_text: Rgb::hex(0x8E5305),
            rubin_text: Rgb::hex(0x00659E),
            tiers: [
                Rgb::hex(0x898E9E),
                Rgb::hex(0x5B9768),
                Rgb::hex(0x0C7591),
                Rgb::hex(0x52660A),
                Rgb::hex(0x342610),
            ],
            loading: [
                Rgb::hex(0x8585D2),
                Rgb::hex(0x2D5E84),
                Rgb::hex(0x369E8E),
                Rgb::hex(0xBA8300),
                Rgb::hex(0xD55045),
                Rgb::hex(0x8B0B23),
            ],
        }
    }

    /// The colour of a name.
    pub const fn get(&self, token: Token) -> Rgb {
        match token {
            Token::App => self.app,
            Token::Panel => self.panel,
            Token::Raised => self.raised,
            Token::Inset => self.inset,
            Token::Canvas => self.canvas,
            Token::Grid => self.grid,
            Token::Land => self.land,
            Token::Land2 => self.land2,
            Token::Road => self.road,
            Token::Building => self.building,
            Token::Water => self.water,
            Token::Line => self.line,
            Token::Line2 => self.line2,
            Token::Text1 => self.text1,
            Token::Text2 => self.text2,
            Token::Text3 => self.text3,
            Token::Accent => self.accent,
            Token::AccentBg => self.accent_bg,
            Token::OnAccent => self.on_accent,
            Token::Ok => self.ok,
            Token::OkBg => self.ok_bg,
            Token::Warn => self.warn,
            Token::WarnBg => self.warn_bg,
            Token::WarnFill => self.warn_fill,
            Token::Err => self.err,
            Token::ErrBg => self.err_bg,
            Token::Handle => self.handle,
            Token::Shadow => self.shadow,
            Token::Better => self.better,
            Token::Worse => self.worse,
        }
    }

    /// The hue of a rack generation; other makers are neutral and carry a letter.
    pub const fn rack(&self, generation: Generation) -> Rgb {
        match generation {
            Generation::Hopper => self.hopper,
            Generation::Blackwell => self.blackwell,
            Generation::Rubin => self.rubin,
            Generation::RubinLpx => self.rubin_lpx,
            Generation::Other => self.text2,
        }
    }

    /// The hue of a rack generation for words, which need more contrast than marks do.
    pub const fn rack_text(&self, generation: Generation) -> Rgb {
        match generation {
            Generation::Hopper => self.hopper_text,
            Generation::Blackwell => self.blackwell_text,
            Generation::Rubin => self.rubin_text,
            Generation::RubinLpx => self.rubin_lpx,
            Generation::Other => self.text2,
        }
    }

    /// Words on a fill: dark or white, whichever reads better.
    pub fn on(&self, fill: Rgb) -> Rgb {
        let (dark, white) = (Rgb::hex(0x020406), Rgb::hex(0xFFFFFF));
        if dark.contrast(fill) >= white.contrast(fill) { dark } else { white }
    }

    /// The colour of a tier by price rank, 0 the cheapest; [`NEUTRAL_TIER`] is grey.
    pub fn tier(&self, rank: usize) -> Rgb {
        self.tiers.get(rank).copied().unwrap_or(self.text3)
    }
}

/// Index of the loading class, 0 to 5; 5 is an overload and carries a triangle.
pub fn loading_class(load_frac: f64) -> usize {
    // A rounding error above a full load is not an overload.
    LOADING_BOUNDS
        .iter()
        .position(|&b| load_frac < b || b == 1.0 && load_frac <= 1.0 + 1e-9)
        .unwrap_or(LOADING_BOUNDS.len())
}

/// Rank of tiers whose price cannot be compared, such as capacity by the hour.
pub const NEUTRAL_TIER: usize = 5;

/// Slots of the tier ramp by price, cheapest 0; unknown prices count as the
/// cheapest. Up to five tiers take a slot each from below, more share the
/// nearest ones.
pub fn tier_ranks(prices: &[Option<f64>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..prices.len()).collect();
    order.sort_by(|&a, &b| {
        prices[a].unwrap_or(0.0).total_cmp(&prices[b].unwrap_or(0.0)).then(a.cmp(&b))
    });
    let top = NEUTRAL_TIER - 1;
    let last = prices.len().saturating_sub(1);
    let mut ranks = vec![0; prices.len()];
    for (rank, &index) in order.iter().enumerate() {
        ranks[index] = if last <= top { rank } else { (rank * top + last / 2) / last };
    }
    ranks
}

/// The price of a tier's first step: dollars per million output tokens, or per GPU-hour.
pub fn top_price(tier: &Tier) -> Option<f64> {
    tier.demand.first().and_then(|s| s.price_usd_per_mtok.or(s.usd_per_gpu_h))
}

/// Slots of a site's tiers by the price of their first step, in the order of
/// the site. Capacity by the hour has no place among prices of tokens.
pub fn ranks_of_tiers(tiers: &[Tier]) -> Vec<usize> {
    let is_tokens = |t: &&Tier| t.kind == TierKind::Tokens;
    let prices: Vec<Option<f64>> = tiers.iter().filter(is_tokens).map(top_price).collect();
    let mut ranks = tier_ranks(&prices).into_iter();
    tiers
        .iter()
        .map(|t| if is_tokens(&t) { ranks.next().unwrap_or(0) } else { NEUTRAL_TIER })
        .collect()
}

/// Mark of a rack generation on a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    Square,
    Triangle,
    Circle,
    Diamond,
    /// The letter of the maker.
    Letter,
}

impl Marker {
    pub const fn of(generation: Generation) -> Self {
        match generation {
            Generation::Hopper => Marker::Square,
            Generation::Blackwell => Marker::Triangle,
            Generation::Rubin => Marker::Circle,
            Generation::RubinLpx => Marker::Diamond,
            Generation::Other => Marker::Letter,
        }
    }
}

/// Weight of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    Regular,
    Medium,
    SemiBold,
}

impl Weight {
    /// Value of the `wght` axis.
    pub const fn axis(self) -> f32 {
        match self {
            Weight::Regular => 400.0,
            Weight::Medium => 500.0,
            Weight::SemiBold => 600.0,
        }
    }
}

/// Type styles of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextRole {
    /// Presentation figures.
    Display,
    /// Presentation title.
    Title,
    /// Title of a page that stands in place of the panels.
    Page,
    /// Conclusion line.
    H1,
    /// Headline tile value.
    Headline,
    /// Unit beside a headline value.
    HeadlineUnit,
    Body,
    /// Section titles and the deciding value.
    BodyStrong,
    /// Values on a preview, chips in use.
    BodyMedium,
    /// Captions, table headers, units, sources, status bar.
    Small,
    SmallMedium,
    SmallStrong,
    /// Axis ticks, range ends, canvas labels.
    Tiny,
    TinyStrong,
}

/// Size and line height in points, and weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextStyle {
    pub size: f32,
    pub line: f32,
    pub weight: Weight,
}

impl TextRole {
    pub const fn style(self) -> TextStyle {
        let (size, line, weight) = match self {
            TextRole::Display => (46.0, 56.0, Weight::SemiBold),
            TextRole::Title => (38.0, 48.0, Weight::SemiBold),
            TextRole::Page => (22.0, 28.0, Weight::SemiBold),
            TextRole::H1 => (18.0, 24.0, Weight::SemiBold),
            TextRole::Headline => (19.0, 24.0, Weight::SemiBold),
            TextRole::HeadlineUnit => (12.0, 16.0, Weight::Medium),
            TextRole::Body => (12.0, 16.0, Weight::Regular),
            TextRole::BodyStrong => (12.0, 16.0, Weight::SemiBold),
            TextRole::BodyMedium => (12.0, 16.0, Weight::Medium),
            TextRole::Small => (11.0, 14.0, Weight::Regular),
            TextRole::SmallMedium => (11.0, 14.0, Weight::Medium),
            TextRole::SmallStrong => (11.0, 14.0, Weight::SemiBold),
            TextRole::Tiny => (10.0, 12.0, Weight::Regular),
            TextRole::TinyStrong => (10.0, 12.0, Weight::SemiBold),
        };
        TextStyle { size, line, weight }
    }
}

/// Spacing, radii, lines and fixed sizes, in points.
pub mod size {
    pub const SPACE: [f32; 7] = [2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0];
    pub const CARD_GAP: f32 = 8.0;
    pub const CARD_PADDING: f32 = 12.0;
    pub const CELL_PADDING: f32 = 8.0;

    pub const RADIUS_MARK: f32 = 2.0;
    pub const RADIUS_INPUT: f32 = 4.0;
    pub const RADIUS_BUTTON: f32 = 5.0;
    pub const RADIUS_CARD: f32 = 6.0;
    pub const RADIUS_PALETTE: f32 = 9.0;
    pub const RADIUS_CHIP: f32 = 10.0;

    pub const HAIRLINE: f32 = 1.0;
    pub const SELECTION: f32 = 1.6;
    pub const SERIES: f32 = 2.2;
    pub const ICON: f32 = 16.0;
    pub const ICON_STROKE: f32 = 1.4;

    pub const TITLE_BAR: f32 = 34.0;
    pub const HEADLINE: f32 = 64.0;
    pub const TABS: f32 = 34.0;
    pub const STATUS: f32 = 24.0;
    pub const LEFT: f32 = 232.0;
    pub const RIGHT: f32 = 332.0;
    pub const BOTTOM: f32 = 232.0;
    pub const TABLE_ROW: f32 = 24.0;
    pub const TABLE_HEADER: f32 = 26.0;
    pub const INSPECTOR_ROW: f32 = 25.0;
    pub const RANGE_BAR: f32 = 16.0;
    pub const TREE_ROW: f32 = 24.0;
    pub const BUTTON: f32 = 26.0;
}

#[cfg(test)]
mod tests;
