using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ambient.Ztunnel.Admin;

/// <summary>Puts <c>/config_dump</c> together from its sections, in order.</summary>
internal sealed class ConfigDump(IReadOnlyList<IDumpSection> sections)
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public ReadOnlyMemory<byte> Build()
    {
        var text = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            foreach (IDumpSection section in sections)
            {
                section.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return text.WrittenMemory;
    }
}
