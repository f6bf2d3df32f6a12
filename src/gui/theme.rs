//! Design tokens as egui understands them: colours, fonts and the style of every
//! stock widget, for dark and light.

use crate::catalog::Generation;
use crate::scene::tokens::{Palette, Rgb, TextRole, Token, Weight, size};
use eframe::egui::{
    self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow,
    Stroke, Style, TextStyle, Visuals,
    epaint::text::FontTweak,
    epaint::text::VariationCoords,
    style::{ScrollStyle, Selection, TextCursorStyle, WidgetVisuals, Widgets},
    vec2,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Interface face: a modified Inter with tabular figures as default digits.
const FACE: &[u8] = include_bytes!("../../assets/fonts/GigasiteSans.ttf");

/// The colours and fonts in force.
#[derive(Debug)]
pub struct Theme {
    pub palette: Palette,
}

static DARK: Theme = Theme { palette: Palette::dark() };
static LIGHT: Theme = Theme { palette: Palette::light() };

impl Theme {
    /// The theme of a context; cheap.
    pub fn of(ctx: &egui::Context) -> &'static Theme {
        Self::named(ctx.theme())
    }

    pub fn named(theme: egui::Theme) -> &'static Theme {
        match theme {
            egui::Theme::Dark => &DARK,
            egui::Theme::Light => &LIGHT,
        }
    }

    pub fn color(&self, token: Token) -> Color32 {
        color(self.palette.get(token))
    }

    /// A colour with an opacity of 0 to 1.
    pub fn tint(&self, token: Token, alpha_frac: f32) -> Color32 {
        self.color(token).gamma_multiply(alpha_frac)
    }

    /// Tier colour by price rank, 0 the cheapest.
    pub fn tier_color(&self, rank: usize) -> Color32 {
        color(self.palette.tier(rank))
    }

    pub fn rack_color(&self, generation: Generation) -> Color32 {
        color(self.palette.rack(generation))
    }

    pub fn font(&self, role: TextRole) -> FontId {
        font(role)
    }

    /// A hairline between rows and panels.
    pub fn hairline(&self) -> Stroke {
        Stroke::new(size::HAIRLINE, self.color(Token::Line))
    }

    /// The outline of an object.
    pub fn outline(&self) -> Stroke {
        Stroke::new(size::HAIRLINE, self.color(Token::Line2))
    }

    /// The shadow of things that float.
    pub fn shadow(&self) -> Shadow {
        Shadow {
            offset: [0, 4],
            blur: 14,
            spread: 0,
            color: self.tint(Token::Shadow, self.palette.shadow_frac),
        }
    }
}

pub fn color(rgb: Rgb) -> Color32 {
    Color32::from_rgb(rgb.r, rgb.g, rgb.b)
}

/// The font of a type style; independent of dark and light.
pub fn font(role: TextRole) -> FontId {
    let style = role.style();
    FontId::new(style.size, family(style.weight))
}

fn family(weight: Weight) -> FontFamily {
    match weight {
        Weight::Regular => FontFamily::Proportional,
        Weight::Medium => FontFamily::Name("medium".into()),
        Weight::SemiBold => FontFamily::Name("semibold".into()),
    }
}

/// Fonts and both styles into a context; once at the start.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        ctx.set_style_of(theme, style(theme, Theme::named(theme)));
    }
}

/// One variable file, three weights.
pub fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions { font_data: BTreeMap::new(), families: BTreeMap::new() };
    for (name, weight) in
        [("regular", Weight::Regular), ("medium", Weight::Medium), ("semibold", Weight::SemiBold)]
    {
        let tweak = FontTweak {
            coords: VariationCoords::new([(b"wght", weight.axis())]),
            // Fitting stems to the rows of pixels closes the gap below the dot of an i at the
            // sizes of the window, so that "mail" reads "mall".
            hinting: Some(false),
            ..FontTweak::default()
        };
        let data = FontData::from_static(FACE).tweak(tweak);
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
        fonts.families.insert(family(weight), vec![name.to_owned()]);
    }
    fonts.families.insert(FontFamily::Monospace, vec!["regular".to_owned()]);
    fonts
}

fn style(egui_theme: egui::Theme, theme: &Theme) -> Style {
    let mut style = Style {
        text_styles: [
            (TextStyle::Small, font(TextRole::Small)),
            (TextStyle::Body, font(TextRole::Body)),
            (TextStyle::Button, font(TextRole::Body)),
            (TextStyle::Heading, font(TextRole::H1)),
            (TextStyle::Monospace, font(TextRole::Body)),
        ]
        .into(),
        visuals: visuals(egui_theme, theme),
        // Nothing moves but panels that fade in.
        animation_time: 0.08,
        ..Style::default()
    };
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.button_padding = vec2(10.0, 4.0);
    spacing.interact_size = vec2(26.0, size::BUTTON);
    spacing.window_margin = Margin::same(12);
    spacing.menu_margin = Margin::same(5);
    spacing.menu_spacing = 4.0;
    spacing.icon_width = 14.0;
    spacing.icon_width_inner = 8.0;
    spacing.icon_spacing = 8.0;
    spacing.combo_height = 320.0;
    spacing.tooltip_width = 320.0;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        floating_width: 3.0,
        handle_min_length: 24.0,
        foreground_color: false,
        ..ScrollStyle::floating()
    };
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    style
}

fn visuals(egui_theme: egui::Theme, t: &Theme) -> Visuals {
    let base = match egui_theme {
        egui::Theme::Dark => Visuals::dark(),
        egui::Theme::Light => Visuals::light(),
    };
    let card = CornerRadius::same(size::RADIUS_CARD as u8);
    Visuals {
        widgets: widgets(t),
        selection: Selection {
            bg_fill: t.color(Token::AccentBg),
            stroke: Stroke::new(1.0, t.color(Token::Accent)),
        },
        weak_text_color: Some(t.color(Token::Text3)),
        hyperlink_color: t.color(Token::Accent),
        faint_bg_color: t.color(Token::Raised),
        extreme_bg_color: t.color(Token::Inset),
        text_edit_bg_color: Some(t.color(Token::Inset)),
        code_bg_color: t.color(Token::Raised),
        warn_fg_color: t.color(Token::Warn),
        error_fg_color: t.color(Token::Err),
        window_corner_radius: card,
        menu_corner_radius: card,
        window_fill: t.color(Token::Panel),
        window_stroke: t.outline(),
        window_shadow: t.shadow(),
        popup_shadow: t.shadow(),
        panel_fill: t.color(Token::Panel),
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(1.0, t.color(Token::Text1)),
            // A blinking cursor would repaint an idle window.
            blink: false,
            ..TextCursorStyle::default()
        },
        slider_trailing_fill: true,
        disabled_alpha: 0.6,
        image_loading_spinners: false,
        ..base
    }
}

fn widgets(t: &Theme) -> Widgets {
    let button = CornerRadius::same(size::RADIUS_BUTTON as u8);
    let one = |fill: Token, edge: Token, text: Token| WidgetVisuals {
        bg_fill: t.color(fill),
        weak_bg_fill: t.color(fill),
        bg_stroke: Stroke::new(size::HAIRLINE, t.color(edge)),
        fg_stroke: Stroke::new(size::HAIRLINE, t.color(text)),
        corner_radius: button,
        expansion: 0.0,
    };
    Widgets {
        noninteractive: one(Token::Panel, Token::Line, Token::Text1),
        inactive: one(Token::Raised, Token::Line, Token::Text1),
        hovered: one(Token::Raised, Token::Line2, Token::Text1),
        active: one(Token::AccentBg, Token::Accent, Token::Text1),
        open: one(Token::Raised, Token::Line2, Token::Text1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One pass of an empty window.
    fn with_ui(body: impl FnMut(&mut egui::Ui)) {
        let ctx = egui::Context::default();
        install(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), body);
        // There is no screen that wants the glyphs.
        output.textures_delta.clear();
    }

    #[test]
    fn all_ten_digits_have_one_advance_width_in_every_weight() {
        with_ui(|ui| {
            for role in [TextRole::Body, TextRole::BodyMedium, TextRole::BodyStrong] {
                let id = font(role);
                let width = |text: &str| {
                    ui.painter()
                        .layout_no_wrap(text.to_owned(), id.clone(), Color32::WHITE)
                        .size()
                        .x
                };
                // Repeated, so that rounding to pixels cannot hide a difference; shaped, so
                // that kerning counts.
                let widths: Vec<f32> =
                    ('0'..='9').map(|d| width(&d.to_string().repeat(64))).collect();
                assert!(widths[0] > 64.0, "{widths:?}");
                assert!(widths.iter().all(|w| (w - widths[0]).abs() < 0.01), "{widths:?}");
                assert_eq!(width("1174719741"), width("8080808080"));
            }
        });
    }

    #[test]
    fn heavier_weights_are_wider_so_the_weight_axis_works() {
        with_ui(|ui| {
            let width = |role| {
                ui.painter()
                    .layout_no_wrap("Revenue, 2026 prices".into(), font(role), Color32::WHITE)
                    .size()
                    .x
            };
            assert!(width(TextRole::Body) < width(TextRole::BodyStrong));
        });
    }

    #[test]
    fn every_sign_of_the_interface_is_in_the_face() {
        with_ui(|ui| {
            for c in "−×·–…≈≤≥→≠°²³₂€".chars() {
                let has = ui.ctx().fonts_mut(|f| f.has_glyph(&font(TextRole::Body), c));
                assert!(has, "{c}");
            }
        });
    }
}
