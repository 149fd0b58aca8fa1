using Ambient.ControlPlane.Distribution;

namespace Ambient.ControlPlane.Xds;

/// <summary>One resource of a response.</summary>
/// <param name="Content">What it holds.</param>
/// <param name="WithAliases">Whether its other names go with it: on demand they do.</param>
/// <param name="AskedAs">The name under which it was asked for, where that is not its own; null otherwise.</param>
internal readonly record struct PushedResource(EncodedResource Content, bool WithAliases, string? AskedAs);
