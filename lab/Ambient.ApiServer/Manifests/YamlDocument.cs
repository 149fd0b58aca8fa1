using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Manifests;

/// <summary>One document of a YAML text.</summary>
/// <param name="Value">As JSON.</param>
/// <param name="Line">Where it begins, from 1.</param>
public sealed record YamlDocument(JsonNode Value, int Line);
