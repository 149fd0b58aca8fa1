using System.Net;
using Ambient.LoadGenerator;

const string Usage = """
    ambient-load generate                        one JSON order a line on the input, one JSON result a line on the output
    ambient-load serve ECHO-ADDRESS:PORT SOURCE-ADDRESS:PORT   returns what it gets on the first port, sends without end on the second
    """;

switch (args)
{
    case ["generate"]:
        await new CommandLoop(Console.In, Console.Out).RunAsync();
        return 0;
    case ["serve", string echo, string source]:
        using (EchoServer server = new(IPEndPoint.Parse(echo), IPEndPoint.Parse(source)))
        {
            server.Run(CancellationToken.None);
        }

        return 0;
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}
