using System.Text.Json;

namespace Ambient.Ztunnel.Admin;

/// <summary>Writes some of the top-level keys of <c>/config_dump</c> (node-proxy 9.6) into an object already begun.</summary>
internal interface IDumpSection
{
    void WriteTo(Utf8JsonWriter json);
}
