using System.Text.Json.Nodes;

namespace Ambient.UnitTests.ApiServer;

/// <summary>Objects of the tests, written as their JSON with single quotes.</summary>
internal static class Json
{
    public static JsonObject Of(string text) => (JsonObject)Any(text)!;

    public static JsonNode? Any(string text) => JsonNode.Parse(text.Replace('\'', '"'));

    public static void AssertSame(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(Any(expected), actual), $"expected {Any(expected)?.ToJsonString()}, got {actual?.ToJsonString()}");
}
