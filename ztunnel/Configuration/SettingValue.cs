namespace Ambient.Ztunnel.Configuration;

internal readonly record struct SettingValue(string Text, SettingOrigin Origin);
