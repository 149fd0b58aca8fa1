using System.Net;
using System.Text;
using System.Text.Json;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.Services;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Ambient.UnitTests.ControlPlane.Translation;

/// <summary>Results as YAML that a person can read: fields that are set, addresses as text.</summary>
internal sealed class TranslationText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _text = new();

    public static string Write(
        IEnumerable<MeshResource> resources, IEnumerable<StatusChange> statuses, IEnumerable<ObjectEvent> events, IEnumerable<AddressAllocation> allocations)
    {
        TranslationText text = new();
        text.Section("resources", resources.OrderBy(resource => resource.Key.Kind).ThenBy(resource => resource.Key.Name, StringComparer.Ordinal), resource =>
        {
            text.Line(1, $"{Quote($"{resource.Key.Kind} {resource.Key.Name}")}:");
            text.Fields(2, resource.Message);
        });
        text.Section("statuses", statuses.OrderBy(status => status.Object).ThenBy(status => status.Type, StringComparer.Ordinal), status =>
            text.Line(1, $"- {Quote(status.Condition is { } condition ? $"{status.Object} {status.Type}={condition.Status} {condition.Reason}: {condition.Message}" : $"{status.Object} {status.Type} is removed")}"));
        text.Section("events", events.OrderBy(note => note.Object).ThenBy(note => note.Message, StringComparer.Ordinal), note =>
            text.Line(1, $"- {Quote($"{note.Object} {note.Reason}: {note.Message}")}"));
        text.Section("allocations", allocations, allocation =>
            text.Line(1, $"- {Quote($"{allocation.Entry}: {string.Join(", ", allocation.Addresses.Select(address => $"{address.Host} {address.Value}"))}")}"));
        return text._text.ToString();
    }

    private void Section<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        List<T> all = [.. items];
        if (all.Count > 0)
        {
            Line(0, $"{name}:");
            all.ForEach(write);
        }
    }

    private void Fields(int depth, IMessage message)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            object value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                Map(depth, field, (System.Collections.IDictionary)value);
            }
            else if (field.IsRepeated)
            {
                List(depth, field, (System.Collections.IList)value);
            }
            else if (IsSet(field, message, value))
            {
                Field(depth, field, value);
            }
        }
    }

    private static bool IsSet(FieldDescriptor field, IMessage message, object? value) =>
        field.HasPresence ? field.Accessor.HasValue(message) : value is not (null or "" or 0u or false) && !(field.FieldType == FieldType.Enum && (int)value == 0);

    private void Field(int depth, FieldDescriptor field, object value)
    {
        if (value is IMessage nested)
        {
            Line(depth, nested.CalculateSize() == 0 ? $"{field.Name}: {{}}" : $"{field.Name}:");
            Fields(depth + 1, nested);
        }
        else
        {
            Line(depth, $"{field.Name}: {Scalar(field, value)}");
        }
    }

    private void Map(int depth, FieldDescriptor field, System.Collections.IDictionary map)
    {
        if (map.Count == 0)
        {
            return;
        }

        Line(depth, $"{field.Name}:");
        foreach (string key in map.Keys.Cast<string>().Order(StringComparer.Ordinal))
        {
            IMessage value = (IMessage)map[key]!;
            Line(depth + 1, value.CalculateSize() == 0 ? $"{Quote(key)}: {{}}" : $"{Quote(key)}:");
            Fields(depth + 2, value);
        }
    }

    private void List(int depth, FieldDescriptor field, System.Collections.IList list)
    {
        if (list.Count == 0)
        {
            return;
        }

        Line(depth, $"{field.Name}:");
        foreach (object item in list)
        {
            if (item is IMessage nested)
            {
                Line(depth + 1, nested.CalculateSize() == 0 ? "- {}" : "-");
                Fields(depth + 2, nested);
            }
            else
            {
                Line(depth + 1, $"- {Scalar(field, item)}");
            }
        }
    }

    private static string Scalar(FieldDescriptor field, object value) => value switch
    {
        ByteString bytes => Quote(new IPAddress(bytes.Span).ToString()),
        string text => Quote(text),
        bool flag => flag ? "true" : "false",
        _ when field.FieldType == FieldType.Enum => field.EnumType.FindValueByNumber((int)value).Name,
        _ => value.ToString()!,
    };

    private void Line(int depth, string text) => _text.Append(' ', depth * 2).Append(text).Append('\n');

    private static string Quote(string text) => JsonSerializer.Serialize(text, Plain);
}
