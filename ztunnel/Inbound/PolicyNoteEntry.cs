using System.Net;
using Ambient.Mesh.Policies;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Inbound;

/// <summary>One line of the policy log (node-proxy 4.3): the words are the message, so that operators can match on them.</summary>
internal sealed class PolicyNoteEntry(AuthorizationNote note, IPEndPoint source) : ILogFields
{
    public void WriteTo(LogLine line)
    {
        line.OptionalText("policy", note.Policy);
        line.Bare("src.addr", source.ToString());
    }

    public override string ToString() => note.Text;
}
