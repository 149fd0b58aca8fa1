namespace Ambient.Ztunnel.Configuration;

/// <summary>Either options or at least one error.</summary>
internal sealed record OptionsResult(ZtunnelOptions? Options, IReadOnlyList<SettingError> Errors);
