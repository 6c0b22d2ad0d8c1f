using System.Text.Json;
using System.Text.Json.Serialization;
using ActorFlow;

await using var client = WorkflowClient.Connect(new WorkflowClientOptions { Addresses = [args[0]], ApiKey = "af_1_key" });
try
{
    await client.Definitions.RegisterAsync("name: order");
}
catch (DefinitionException invalid)
{
    Console.WriteLine(invalid.Message);
}

var run = await client.StartAsync("order", new Order(7), Json.Default.Order, new() { Tags = { ["customer"] = "7" } });
await run.SignalAsync("paid", new Order(8), Json.Default.Order);
await foreach (var item in run.WatchAsync())
{
    Console.WriteLine(item.Token);
}

var receipt = await run.ResultAsync(Json.Default.Receipt);
Console.WriteLine($"{run.Id} {run.Started!.Version} {receipt!.Total}");

internal sealed record Order(int Number);

internal sealed record Receipt(decimal Total);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class Json : JsonSerializerContext;
