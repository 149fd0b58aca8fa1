using Ambient.Kube.Resources;

namespace Ambient.Cli.Analysis;

/// <summary>An object that a file holds.</summary>
/// <param name="Object">As it was written.</param>
/// <param name="Place">FILE:LINE where it begins.</param>
internal sealed record ManifestObject(IKubernetesObject Object, string Place);
