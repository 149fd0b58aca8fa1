namespace Ambient.Lab.Demo.Stages;

/// <summary>Where to look at one ztunnel from outside.</summary>
internal sealed record ZtunnelView(string Name, string LogPath, string? NamespacePath, int StatsPort);
