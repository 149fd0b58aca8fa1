namespace Ambient.Ztunnel.Admin;

/// <summary>The program cannot start; the message is for the operator and names the next step.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <exception cref="StartException">With that text, unless the condition holds.</exception>
    public static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new StartException(problem);
        }
    }
}
