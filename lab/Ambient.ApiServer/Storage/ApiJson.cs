using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ambient.ApiServer.Storage;

/// <summary>How objects are written: without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
internal sealed partial class ApiJson : JsonSerializerContext;
