use recorder::{client, wait};

#[test]
fn each_name_leads_to_its_own_operation() {
    let (client, recorder) = client();
    wait(client.get()).unwrap();
    wait(client.get_pets()).unwrap();
    wait(client.post_pets()).unwrap();
    wait(client.get_pet()).unwrap();
    wait(client.get_pet_2()).unwrap();
    wait(client.get_pet_3()).unwrap();
    wait(client.pets_list_all()).unwrap();
    wait(client.pets_find_by_name()).unwrap();
    wait(client.r#type()).unwrap();
    wait(client.request_operation()).unwrap();
    let sent: Vec<_> = recorder.take().iter().map(|s| s.path_and_query()).collect();
    assert_eq!(
        sent,
        [
            "/", "/pets", "/pets", "/case/1", "/case/2", "/case/3", "/odd/1", "/odd/2", "/odd/4",
            "/odd/5",
        ]
    );
}
