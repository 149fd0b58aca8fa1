using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>A failure in the access log: the text that operators match on, then what the reference proxy does not say.</summary>
internal static class FailureFields
{
    public static void WriteTo(LogLine line, ConnectionFailure failure)
    {
        line.Text("error", failure.Message);
        line.OptionalText("hint", failure.Hint);
        line.Text("error.phase", failure.Phase.ToString());
        line.Text("error.side", failure.Side.ToString());
        line.Text("error.reason", failure.Reason.ToString());
    }
}
