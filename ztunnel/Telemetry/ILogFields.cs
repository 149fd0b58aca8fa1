namespace Ambient.Ztunnel.Telemetry;

/// <summary>A log state that writes its own fields, for lines whose set of fields varies.</summary>
internal interface ILogFields
{
    void WriteTo(LogLine line);
}
